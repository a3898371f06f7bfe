#include "ui/texts.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace facemorph {

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;)
    text.insert(at -= 3, 1, ',');
  return text;
}

std::string clock_text(double seconds) {
  std::array<char, 32> text{};
  const auto all = std::lround(seconds);
  if (all >= 3600)
    std::snprintf(text.data(), text.size(), "%ld:%02ld h", all / 3600, all / 60 % 60);
  else
    std::snprintf(text.data(), text.size(), "%ld:%02ld", all / 60, all % 60);
  return text.data();
}

}  // namespace facemorph
