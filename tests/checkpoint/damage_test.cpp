#include "base/error.hpp"
#include "checkpoint/fixtures.hpp"
#include "checkpoint/formats/zip_archive.hpp"
#include "checkpoint/generator/generator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

namespace facemorph {
namespace {

using Bytes = std::vector<std::byte>;
using Random = std::minstd_rand;  // the same everywhere, so that a failure can be repeated

std::size_t below(Random& random, std::size_t limit) {
  return random() % limit;
}

std::size_t place(Random& random, const Bytes& bytes) {
  // Structure stands at both ends of a file; most of the rest is weights.
  const std::size_t end = std::min<std::size_t>(bytes.size(), 4096);
  switch (below(random, 3)) {
    case 0:
      return below(random, end);
    case 1:
      return bytes.size() - 1 - below(random, end);
    default:
      return below(random, bytes.size());
  }
}

void damage(Bytes& bytes, Random& random) {
  static constexpr std::array kTelling = {0x00, 0x01, 0x7F, 0x80, 0xFF};
  const std::size_t at = place(random, bytes);
  const auto here = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  switch (below(random, 6)) {
    case 0:
      bytes[at] ^= static_cast<std::byte>(1U << below(random, 8));
      break;
    case 1:
      bytes[at] = static_cast<std::byte>(below(random, 256));
      break;
    case 2:
      bytes[at] = static_cast<std::byte>(kTelling[below(random, kTelling.size())]);
      break;
    case 3:
      bytes.resize(std::max<std::size_t>(at, 1));
      break;
    case 4:
      bytes.insert(here, 1 + below(random, 9), bytes[below(random, bytes.size())]);
      break;
    default:
      bytes.erase(here, here + static_cast<std::ptrdiff_t>(
                                   std::min(bytes.size() - at, 1 + below(random, 9))));
  }
  if (bytes.empty()) bytes.resize(1);
}

/// Reads damaged copies; anything but success or Error ends the test. How many were refused.
int refusals(const Bytes& whole, unsigned seed, int copies) {
  int refused = 0;
  for (int copy = 0; copy < copies; ++copy) {
    Random random(seed + static_cast<unsigned>(copy));
    Bytes bytes = whole;
    for (std::size_t edits = 1 + below(random, 3); edits > 0; --edits)
      damage(bytes, random);
    try {
      open_generator(read_checkpoint(bytes, "damaged"));
    } catch (const Error&) {
      ++refused;
    }
  }
  return refused;
}

class DamagedFile : public ::testing::TestWithParam<const char*> {};

TEST_P(DamagedFile, IsAnErrorOrHarmlessAndNothingElse) {
  EXPECT_GT(refusals(testing::bytes_of(testing::checkpoints() / GetParam()), 1, 2000), 200);
}

INSTANTIATE_TEST_SUITE_P(EveryContainer, DamagedFile,
                         ::testing::Values("zip.pth", "legacy.pth", "scripted.pt",
                                           "tensors.safetensors", "whole-run.pth",
                                           "legacy-whole-run.pth"));

class DamagedPickle : public ::testing::TestWithParam<const char*> {};

/// A zip's checksums keep chance damage away from the pickle; hostile files have right ones.
TEST_P(DamagedPickle, WithRightChecksumsIsAnErrorOrHarmlessToo) {
  const Bytes whole = testing::bytes_of(testing::checkpoints() / GetParam());
  ZipArchive archive(whole);
  std::vector<std::pair<std::string, Bytes>> entries;
  for (const std::string& name : archive.names())
    entries.emplace_back(name, archive.read(name));
  int refused = 0;
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    Random random(seed);
    ZipWriter writer;
    for (const auto& [name, bytes] : entries) {
      Bytes entry = bytes;
      if (name.ends_with("data.pkl")) damage(entry, random);
      writer.add(name, std::move(entry));
    }
    try {
      open_generator(read_checkpoint(writer.finish(), "damaged"));
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 200);
}

INSTANTIATE_TEST_SUITE_P(EveryArchive, DamagedPickle,
                         ::testing::Values("zip.pth", "scripted.pt", "three-deep.pth"));

TEST(TruncatedFile, IsAnErrorWhereverItIsCut) {
  for (const char* name : {"zip.pth", "legacy.pth", "scripted.pt", "tensors.safetensors"}) {
    const Bytes whole = testing::bytes_of(testing::checkpoints() / name);
    for (std::size_t size = 0; size < whole.size(); size += 97)
      EXPECT_THROW(read_checkpoint(std::span(whole).first(size), "torn"), Error) << name << size;
  }
}

}  // namespace
}  // namespace facemorph
