#include "checkpoint/generator/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace facemorph {
namespace {

constexpr std::array<std::string_view, 7> kAveraged = {"ema",    "gema", "averaged", "average",
                                                       "shadow", "swa",  "avg"};
constexpr std::array<std::string_view, 7> kGenerator = {"generator", "generators", "netg", "gen",
                                                        "g",         "modelg",     "gnet"};
constexpr std::array<std::string_view, 8> kDiscriminator = {
    "discriminator", "discriminators", "netd", "disc", "d", "modeld", "dnet", "critic"};

constexpr std::string_view kDataParallel = "module.";
constexpr std::string_view kCompiled = "_orig_mod.";
constexpr std::size_t kMostShown = 100;

bool is_lower(char c) {
  return std::islower(static_cast<unsigned char>(c)) != 0;
}
bool is_upper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}

/// Lower-case words: "models.G_ema" gives models, g, ema; "netG" gives net, g.
std::vector<std::string> words_of(std::string_view path) {
  std::vector<std::string> words(1);
  char before = ' ';
  for (const char c : path) {
    const bool separator = std::isalnum(static_cast<unsigned char>(c)) == 0;
    if (separator || (is_lower(before) && is_upper(c))) words.emplace_back();
    if (!separator) words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    before = c;
  }
  return words;
}

bool contains_any(const std::vector<std::string>& words, const auto& wanted) {
  return std::ranges::any_of(words, [&](const std::string& word) {
    return std::ranges::find(wanted, word) != wanted.end();
  });
}

}  // namespace

std::string without_wrappers(std::string name) {
  std::size_t start = 0;
  const auto begins = [&](std::string_view prefix) {
    return std::string_view(name).substr(start).starts_with(prefix);
  };
  while (begins(kDataParallel) || begins(kCompiled))
    start += begins(kDataParallel) ? kDataParallel.size() : kCompiled.size();
  name.erase(0, start);
  // Inner modules may be compiled too: "main._orig_mod.0.weight".
  for (std::size_t at = name.find("._orig_mod."); at != std::string::npos;
       at = name.find("._orig_mod.", at))
    name.erase(at, kCompiled.size());
  return name;
}

int generator_rank(std::string_view path) {
  const std::vector<std::string> words = words_of(path);
  if (contains_any(words, kDiscriminator)) return 3;
  if (contains_any(words, kAveraged)) return 0;
  return contains_any(words, kGenerator) ? 1 : 2;
}

bool contains_word(std::string_view name, std::string_view word) {
  return std::ranges::any_of(words_of(name),
                             [&](const std::string& part) { return part.starts_with(word); });
}

std::string printable(std::string_view text) {
  std::string result(text.substr(0, kMostShown));
  for (char& c : result)
    if (c < 0x20 || c > 0x7E) c = '?';
  if (text.size() > kMostShown) result += "...";
  return result;
}

}  // namespace facemorph
