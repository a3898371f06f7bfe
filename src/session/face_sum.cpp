#include "session/face_sum.hpp"

#include "latent/boundary.hpp"

namespace facemorph {
namespace {

WeightedLatents weighted(const SumTerm& term, float weight) {
  WeightedLatents result{weight, {}};
  for (const Face& face : term.faces)
    result.exemplars.push_back(face.latent);
  return result;
}

}  // namespace

Latent result_of(const FaceSum& sum) {
  std::vector<WeightedLatents> terms;
  for (const SumTerm& term : sum.terms)
    terms.push_back(weighted(term, term.weight));
  return weighted_sum(terms, sum.length);
}

Latent direction_between(const SumTerm& from, const SumTerm& to) {
  if (from.faces.empty() || to.faces.empty()) return {};
  const std::vector<WeightedLatents> terms = {weighted(to, 1.0F), weighted(from, -1.0F)};
  Latent way = with_norm(weighted_sum(terms, SumLength::Raw), 1.0F);
  if (norm(way) == 0.0F) way.clear();
  return way;
}

Latent boundary_of(const SumTerm& has_it, const SumTerm& has_not) {
  return boundary_between(weighted(has_it, 1.0F).exemplars, weighted(has_not, 1.0F).exemplars);
}

std::string title_of(const FaceSum& sum) {
  std::string title;
  for (std::size_t i = 0; i < sum.terms.size(); ++i) {
    const SumTerm& term = sum.terms[i];
    if (term.faces.empty() || term.weight == 0) continue;
    if (!title.empty()) title += term.weight < 0 ? " − " : " + ";
    if (title.empty() && term.weight < 0) title += "−";
    title += term_name(i);
  }
  return title;
}

std::string term_name(std::size_t index) {
  std::string name(1, static_cast<char>('A' + index % 26));
  if (index >= 26) name += std::to_string(index / 26 + 1);
  return name;
}

}  // namespace facemorph
