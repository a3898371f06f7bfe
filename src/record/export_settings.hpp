#pragma once

#include "session/morph_state.hpp"
#include "videos/video.hpp"

#include <optional>
#include <string>
#include <utility>

namespace facemorph {

/// What stands in the picture.
enum class Layout {
  Face,     ///< the morph alone
  Grid,     ///< many morphs: each begins further on in the walk, those that wander go their own way
  Sources,  ///< the face it comes from, the morph, the face it goes to
};
std::string_view name_of(Layout layout);  ///< "face", "grid", "sources"
std::optional<Layout> layout_from(std::string_view name);

/// How a morph becomes a video. Frame i shows the session at from + i / fps seconds: never the
/// clock on the wall.
struct ExportSettings {
  VideoFormat format = VideoFormat::Mp4;
  int size = 512;  ///< width of the whole picture, 16 … 4096; the height follows
  FrameRate fps;
  VideoQuality quality = VideoQuality::Good;
  Dither dither = Dither::Diffusion;
  Filter filter = kDefaultFilter;
  Layout layout = Layout::Face;
  int columns = 3;                                 ///< of the grid
  int rows = 3;                                    ///< of the grid
  std::string caption;                             ///< below the picture; empty for none
  bool transparent = false;                        ///< around the faces, where the format can
  std::optional<std::pair<double, double>> range;  ///< seconds; else the whole walk
  double seconds = 8;                              ///< of a drift, which has no length of its own
  int loops = 1;
  bool replace = false;  ///< existing files
  bool resume = false;   ///< go on with PNG files that were cut short

  bool operator==(const ExportSettings&) const = default;
};

inline constexpr int kLeastSize = 16;
inline constexpr int kMostSize = 4096;

/// Which frames there are, and what each shows. Throws UsageError for settings that make none.
class FramePlan {
 public:
  FramePlan(const MorphState& state, const ExportSettings& settings);

  std::size_t count() const { return count_; }
  double seconds() const { return static_cast<double>(count_) / settings_.fps.per_second(); }
  /// Where on the walk a frame is.
  double time_of(std::size_t frame) const;
  /// The latents of a frame's cells, row by row.
  std::vector<Latent> latents(std::size_t frame) const;
  int columns() const;
  int rows() const;

 private:
  std::vector<Latent> source_latents(double seconds) const;

  MorphState state_;
  ExportSettings settings_;
  double from_ = 0;
  double length_ = 0;
  std::size_t count_ = 0;
};

}  // namespace facemorph
