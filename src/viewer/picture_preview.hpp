#pragma once

#include "base/lanes.hpp"
#include "pictures/image.hpp"
#include "runs/data_set.hpp"
#include "runs/train_config.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace facemorph {

/// What a run would be trained on: reads the planned pictures in the background, and shows some of
/// them as the network will see them.
class PicturePreview {
 public:
  explicit PicturePreview(Backstage& backstage);
  ~PicturePreview();

  /// Every frame in which the plan is on show. Reads anew when the pictures, their size or the way
  /// they are cropped have changed and rested for a moment; draws anew when anything else has.
  /// `pictures` says where they are and may be slow (drawn faces); `name` tells sets apart.
  struct Wish {
    std::string name;
    std::function<std::string(const std::stop_token&)> pictures;
    TrainConfig config;
  };
  void want(const Wish& wish);
  /// Lets go of the pictures.
  void clear();
  /// Other pictures of the set, with other random changes.
  void turn() { ++round_; }

  /// Whether it waits for the wish to rest, so that a frame must come by itself.
  bool waiting() const;
  bool reading() const { return reading_.has_value(); }
  ReadingProgress progress() const { return {so_far_->pictures, so_far_->fraction}; }
  /// The pictures of the wish, once they are read; null before.
  const std::shared_ptr<const DataSet>& pictures() const { return pictures_; }
  /// Whether they are what such a run wants.
  bool fits(const std::string& name, const TrainConfig& config) const;
  const std::string& problem() const { return problem_; }
  /// Null until there is one.
  const std::shared_ptr<const Image>& sheet() const { return sheet_; }
  static constexpr int kColumns = 6;
  static constexpr int kRows = 2;

 private:
  struct SoFar {
    std::atomic<std::size_t> pictures = 0;
    std::atomic<double> fraction = 0;
  };
  /// What reading depends on.
  struct Key {
    std::string name;
    int size = 0;
    int channels = 0;
    Crop crop = Crop::Centre;
    bool operator==(const Key&) const = default;
  };
  /// What a sheet depends on besides.
  struct Look {
    bool flip = false;
    AugmentSettings augment;
    std::uint64_t round = 0;
    bool operator==(const Look&) const = default;
  };
  static Key key_of(const std::string& name, const TrainConfig& config);
  void read(const Wish& wish, const Key& key);
  void draw(const TrainConfig& config, const Look& look);

  Key wanted_;
  std::chrono::steady_clock::time_point wanted_since_;
  std::optional<Key> reading_;
  std::optional<Key> read_;  ///< whose pictures_ or problem_ it is
  std::shared_ptr<const DataSet> pictures_;
  std::string problem_;
  std::shared_ptr<SoFar> so_far_ = std::make_shared<SoFar>();
  std::stop_source stop_;
  std::uint64_t round_ = 0;
  std::optional<Look> drawn_;
  bool drawing_ = false;
  std::shared_ptr<const Image> sheet_;
  UiQueue::Sender sender_;
  Lane reader_;
  Lane painter_;
};

}  // namespace facemorph
