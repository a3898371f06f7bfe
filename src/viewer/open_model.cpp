#include "viewer/open_model.hpp"

#include "base/error.hpp"
#include "base/memory.hpp"
#include "checkpoint/generator/assumptions_file.hpp"

#include <utility>

namespace facemorph {
namespace {

std::string failure_to_open(const ModelRequest& request) {
  return "Could not open " +
         (request.path ? request.path->filename().string() : std::string("the bundled model"));
}

}  // namespace

OpenModel::OpenModel(Backstage& backstage, Notices& notices, const EngineOptions& options,
                     std::filesystem::path directions)
    : notices_(notices),
      options_(beside_a_window(options)),
      principal_(std::move(directions), backstage, notices),
      loader_(backstage, Workers::Manner::Prompt),
      examiner_(backstage, Workers::Manner::Prompt) {}

// --- opening ------------------------------------------------------------------------------------

void OpenModel::load(std::function<std::shared_ptr<const Model>()> work,
                     const std::string& failure_title) {
  open([work = std::move(work), options = options_] { return ready_to_show(work(), options); },
       failure_title);
}

void OpenModel::open(Opening opening, const std::string& failure_title) {
  loading_ = true;
  const std::uint64_t number = ++load_number_;
  loader_.run<std::shared_ptr<OpenedModel>>(
      std::move(opening),
      [this, number](const std::shared_ptr<OpenedModel>& opened) {
        if (number != load_number_) return;
        loading_ = false;
        adopt(std::move(*opened));
        examine();
      },
      [this, number, failure_title](const std::string& reason) {
        if (number != load_number_) return;
        loading_ = false;
        if (model_) options_.device = engine_info_.device;
        notices_.error(failure_title, reason);
        if (on_failed) on_failed();
      });
}

void OpenModel::open(const ModelRequest& request) {
  load([request] { return load_model(request); }, failure_to_open(request));
}

void OpenModel::recalibrate() {
  if (!model_ || !model_->network) return;
  load([model = model_] { return recalibrate_batch_norm(*model); },
       "Could not recalibrate batch norm");
}

void OpenModel::assume(const std::string& key, const std::string& value) {
  if (!model_ || !model_->network) return;
  Assumptions chosen = model_->chosen;
  chosen[key] = value;
  read_again(chosen);
}

void OpenModel::forget_assumptions() {
  if (model_ && model_->network) read_again({});
}

void OpenModel::read_again(const Assumptions& chosen) {
  const bool keep = !bundled_;  // what comes with Facemorph stays as it is
  load(
      [model = model_, chosen, keep] {
        auto read = std::make_shared<Model>(*with_assumptions(*model, chosen));
        if (keep) try {
            write_assumptions(assumptions_place(model->path, model->hash), chosen);
          } catch (const Error& error) {
            read->notes.push_back(std::string("The choices could not be kept: ") + error.what());
          }
        return read;
      },
      "Could not read the model this way");
}

void OpenModel::choose_device(Device device) {
  if (device == options_.device) return;
  options_.device = device;
  if (model_) load([model = model_] { return model; }, "Could not use this device");
}

void OpenModel::show_live(const OpenedGenerator& generator, const std::filesystem::path& run) {
  loader_.run<std::shared_ptr<OpenedModel>>(
      [generator, run, options = options_] {
        auto opened = std::make_shared<OpenedModel>();
        opened->model = unsaved_model(generator, run);
        opened->engine = make_engine(*opened->model, options);
        return opened;
      },
      [this, number = load_number_](const std::shared_ptr<OpenedModel>& opened) {
        if (number == load_number_ && !loading_) adopt_live(std::move(*opened));
      },
      [this](const std::string& reason) {
        notices_.error("The newest faces cannot be shown", reason);
      });
}

void OpenModel::adopt(OpenedModel opened) {
  const bool alike = model_ && model_->hash == opened.model->hash;
  if (model_ != opened.model) forget_examination();
  notices_.withdraw("Recalibrating batch norm would help");  // of the model before
  model_ = std::move(opened.model);
  engine_info_ = opened.engine->info();
  bundled_ = opened.bundled;
  named_ = std::move(opened.named);
  if (!opened.warning.empty() && !std::exchange(warned_, true))
    notices_.warn("Slow linear algebra library", opened.warning);
  if (!opened.named_problem.empty())
    notices_.warn("The model's directions could not be read", opened.named_problem);
  principal_.look_up(model_);
  on_opened(std::move(opened.engine), alike);
}

/// The faces stay where they are: only the network behind them has learnt something.
void OpenModel::adopt_live(OpenedModel opened) {
  if (!model_ || model_->hash != opened.model->hash) {
    adopt(std::move(opened));
    return;
  }
  model_ = std::move(opened.model);
  forget_examination();
  on_opened(std::move(opened.engine), true);
}

// --- what is open -------------------------------------------------------------------------------

ModelRef OpenModel::ref() const {
  const std::string path = std::filesystem::absolute(model_->path).string();
  return {bundled_ ? std::string() : path, model_->hash};
}

/// How it behaves, and where else it could run, is found out while its faces are already on show.
void OpenModel::examine() {
  if (examined_ == model_) return;
  examined_ = model_;
  examiner_.run<Examined>(
      [model = model_] {
        Examined examined{check_health(*model, 1), cuda_available()};
        release_free_memory();
        return examined;
      },
      [this, of = model_](const Examined& examined) {
        if (of != model_) return;
        cuda_present_ = examined.cuda;
        health_ = examined.health;
        if (wants_recalibration())
          notices_.warn("Recalibrating batch norm would help", health_->text);
      },
      [this, of = model_](const std::string& reason) {
        if (of == model_) notices_.warn("The network could not be examined", reason);
      });
}

void OpenModel::forget_examination() {
  examined_.reset();
  health_.reset();
}

bool OpenModel::wants_recalibration() const {
  return health() && health_->recalibrate && !model_->recalibrated;
}

}  // namespace facemorph
