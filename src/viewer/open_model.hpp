#pragma once

#include "base/lanes.hpp"
#include "engine/engine.hpp"
#include "engine/model.hpp"
#include "engine/model_health.hpp"
#include "viewer/notices.hpp"
#include "viewer/opened_model.hpp"
#include "viewer/principal.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace facemorph {

/// The model whose faces are on show: opens it, reads it in other ways, and finds out about it, all
/// in the background.
class OpenModel {
 public:
  /// `directions`: the folder where principal directions are kept.
  OpenModel(Backstage& backstage, Notices& notices, const EngineOptions& options,
            std::filesystem::path directions);

  /// Called when another network is there, with its engine; get() is the new model by then.
  /// `alike`: the same file read another way, or a net in training that has learnt something.
  std::function<void(std::unique_ptr<Engine> engine, bool alike)> on_opened;
  /// Called when what was asked for cannot be opened, after a message has said why.
  std::function<void()> on_failed;

  // --- opening ----------------------------------------------------------------------------------
  using Opening = std::function<std::shared_ptr<OpenedModel>()>;
  void open(const ModelRequest& request);
  /// The same, where `opening` is how.
  void open(Opening opening, const std::string& failure_title);
  void recalibrate();
  /// Reads the model another way, keeps that beside its file, and shows it.
  void assume(const std::string& key, const std::string& value);
  /// Finds out anew what was chosen by hand.
  void forget_assumptions();
  void choose_device(Device device);
  /// The newest of a run, unless something else is being opened.
  void show_live(const OpenedGenerator& generator, const std::filesystem::path& run);

  // --- what is open -----------------------------------------------------------------------------
  /// Null before the first one is there.
  const std::shared_ptr<const Model>& get() const { return model_; }
  bool bundled() const { return bundled_; }
  bool loading() const { return loading_; }
  /// Its place and content, as sessions name it.
  ModelRef ref() const;
  /// Known a moment after the model is; never of TorchScript and nets in training.
  const std::optional<ModelHealth>& health() const { return health_; }
  bool wants_recalibration() const;
  const EngineInfo& engine_info() const { return engine_info_; }
  const EngineOptions& options() const { return options_; }
  Device device() const { return options_.device; }
  bool cuda_present() const { return cuda_present_; }
  /// Directions with meanings that lie beside the model's file, as NAME.directions.json.
  const std::vector<Direction>& named() const { return named_; }
  /// Directions along which its faces vary most.
  PrincipalFinder& principal() { return principal_; }
  const PrincipalFinder& principal() const { return principal_; }

 private:
  struct Examined {
    std::optional<ModelHealth> health;
    bool cuda = false;
  };
  void load(std::function<std::shared_ptr<const Model>()> work, const std::string& failure_title);
  void read_again(const Assumptions& chosen);
  void adopt(OpenedModel opened);
  void adopt_live(OpenedModel opened);
  void examine();
  void forget_examination();

  Notices& notices_;
  EngineOptions options_;
  std::shared_ptr<const Model> model_;
  bool bundled_ = false;
  bool loading_ = false;
  bool warned_ = false;  ///< of a slow LibTorch
  bool cuda_present_ = false;
  std::uint64_t load_number_ = 0;  ///< of the newest load: an older one's result is dropped
  EngineInfo engine_info_;
  std::vector<Direction> named_;
  std::shared_ptr<const Model> examined_;  ///< whose health is known or being found out
  std::optional<ModelHealth> health_;
  PrincipalFinder principal_;
  Lane loader_;
  Lane examiner_;
};

}  // namespace facemorph
