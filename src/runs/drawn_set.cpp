#include "runs/drawn_set.hpp"

#include "base/files.hpp"
#include "runs/drawn_face.hpp"

#include <array>
#include <cstdio>

namespace facemorph {
namespace {

std::string file_name(std::uint64_t index) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%06llu.png", static_cast<unsigned long long>(index));
  return text.data();
}

void add_row(std::string& csv, const std::string& name, const DrawnFace& face) {
  if (csv.empty()) {
    csv = "file";
    for (const auto& [label, value] : face_labels(face))
      csv += "," + label;
    csv += "\n";
  }
  csv += "images/" + name;
  for (const auto& [label, value] : face_labels(face)) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), ",%.6g", value);
    csv += text.data();
  }
  csv += "\n";
}

}  // namespace

void write_drawn_set(const std::filesystem::path& folder, std::uint64_t count,
                     std::uint64_t first_seed, int size, const std::function<bool()>& stop) {
  std::string csv;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (stop()) return;
    const DrawnFace face = drawn_face(first_seed + i);
    write_png(folder / "images" / file_name(i), draw_face(face, size));
    add_row(csv, file_name(i), face);
  }
  write_file_atomically(folder / "labels.csv", csv);
}

}  // namespace facemorph
