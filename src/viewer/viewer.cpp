#include "viewer/viewer.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/memory.hpp"
#include "checkpoint/generator/assumptions_file.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace facemorph {
namespace {

constexpr double kNoticeSeconds = 6.0;

std::string failure_to_open(const ModelRequest& request) {
  return "Could not open " +
         (request.path ? request.path->filename().string() : std::string("the bundled model"));
}

}  // namespace

Viewer::Viewer(const Options& options, std::function<void()> wake)
    : settings(load_settings(options.settings_path)),
      options_{options.settings_path, beside_a_window(options.engine)},
      wake_(std::move(wake)),
      recovery_(options.settings_path.parent_path() / (std::string("lost") + kSessionExtension)),
      random_state_(std::random_device{}()),
      recorder_(wake_),
      training_(wake_),
      preview_(wake_),
      past_(wake_),
      engine_(wake_),
      thumbnails_(engine_),
      principal_(options.settings_path.parent_path() / "directions", wake_),
      measurer_(wake_),
      lapser_(wake_),
      loader_(wake_),
      examiner_(wake_),
      disk_(wake_) {}

Viewer::~Viewer() {
  stop_measuring_.request_stop();
  stop_lapsing_.request_stop();
  try {
    save_settings(options_.settings_path, settings);
  } catch (const std::exception&) {
    // Nowhere to tell: the window is gone, and settings are a convenience.
  }
}

// --- every frame ------------------------------------------------------------------------------

std::optional<Image> Viewer::update(double elapsed_seconds) {
  loader_.deliver();
  examiner_.deliver();
  measurer_.deliver();
  disk_.deliver();
  if (auto problem = principal_.update())
    notify(Notice::Kind::Error, "Directions could not be found", *problem);
  for (Recorder::Outcome& outcome : recorder_.update())
    notify(outcome.failed ? Notice::Kind::Error : Notice::Kind::Info, std::move(outcome.title),
           std::move(outcome.text));
  update_training();
  if (auto error = engine_.take_error())
    notify(Notice::Kind::Error, "The face could not be generated", *error);
  for (Notice& notice : notices)
    if (notice.kind != Notice::Kind::Error) notice.seconds_left -= elapsed_seconds;
  std::erase_if(notices, [](const Notice& n) {
    return n.kind != Notice::Kind::Error && n.seconds_left <= 0;
  });

  if (playing && state.walking) advance(elapsed_seconds);
  thumbnails_.update();
  auto frame = engine_.take_stage();
  if (!frame) return std::nullopt;
  stage_shown_ = frame->request;
  stage_image_ = frame->image;
  recorder_.show(stage_image_);
  stage_latent_ = std::move(frame->latent);
  return std::move(frame->image);
}

void Viewer::request_frames() {
  if (!model_) return;
  keep_in_walk();
  Latent latent = evaluate(state, time);
  if (requested_ != latent) {
    requested_ = latent;
    stage_request_ = engine_.request_stage(std::move(latent));
  }
  thumbnails_.request_missing(state.truncation);
}

bool Viewer::animating() const {
  return playing && state.walking;
}

bool Viewer::engine_idle() const {
  return model_ && !loading_ && stage_shown_ == stage_request_ && thumbnails_.complete();
}

// --- models -----------------------------------------------------------------------------------

void Viewer::load(std::function<std::shared_ptr<const Model>()> work,
                  const std::string& failure_title) {
  show_opened([work = std::move(work),
               options = options_.engine] { return ready_to_show(work(), options); },
              failure_title);
}

void Viewer::show_opened(std::function<std::shared_ptr<OpenedModel>()> work,
                         const std::string& failure_title) {
  loading_ = true;
  const std::uint64_t number = ++load_number_;
  loader_.run<std::shared_ptr<OpenedModel>>(
      std::move(work),
      [this, number](const std::shared_ptr<OpenedModel>& opened) {
        if (number != load_number_) return;
        loading_ = false;
        adopt(std::move(*opened));
        examine();
      },
      [this, number, failure_title](const std::string& reason) {
        if (number != load_number_) return;
        loading_ = false;
        if (model_) options_.engine.device = engine_info_.device;
        notify(Notice::Kind::Error, failure_title, reason);
      });
}

void Viewer::open(const ModelRequest& request) {
  load([request] { return load_model(request); }, failure_to_open(request));
}

void Viewer::open(const ModelRequest& request,
                  std::shared_future<std::shared_ptr<OpenedModel>> opening) {
  show_opened([opening = std::move(opening)] { return opening.get(); }, failure_to_open(request));
}

void Viewer::open_model(const std::filesystem::path& path,
                        const std::optional<std::string>& state_dict_path) {
  open({path, state_dict_path, {}, false});
}

void Viewer::recalibrate() {
  if (!model_ || !model_->network) return;
  load([model = model_] { return recalibrate_batch_norm(*model); },
       "Could not recalibrate batch norm");
}

void Viewer::assume(const std::string& key, const std::string& value) {
  if (!model_ || !model_->network) return;
  Assumptions chosen = model_->chosen;
  chosen[key] = value;
  read_again(chosen);
}

void Viewer::forget_assumptions() {
  if (model_ && model_->network) read_again({});
}

void Viewer::read_again(const Assumptions& chosen) {
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

void Viewer::choose_device(Device device) {
  if (device == options_.engine.device) return;
  options_.engine.device = device;
  if (model_) load([model = model_] { return model; }, "Could not use this device");
}

void Viewer::adopt(OpenedModel opened) {
  const bool first_model = !model_;
  const bool new_file = first_model || model_->hash != opened.model->hash;
  if (model_ != opened.model) forget_examination();
  model_ = std::move(opened.model);
  engine_info_ = opened.engine->info();
  bundled_ = opened.bundled;
  if (!opened.warning.empty() && !std::exchange(warned_, true))
    notify(Notice::Kind::Warning, "Slow linear algebra library", opened.warning);
  named_ = std::move(opened.named);
  if (!opened.named_problem.empty())
    notify(Notice::Kind::Warning, "The model's directions could not be read", opened.named_problem);
  engine_.set_engine(std::move(opened.engine));
  thumbnails_.clear();
  requested_.reset();
  const std::string path = std::filesystem::absolute(model_->path).string();
  state.model = {bundled_ ? std::string() : path, model_->hash};
  fit_state_to_model(first_model);
  if (new_file) {
    history_.restart(state);
    saved_ = state;
  }
  principal_.forget(model_);
  recorder_.probe();
  take_awaited_session();
  if (new_file && !bundled_) settings.remember(path);
}

/// How it behaves, and where else it could run, is found out while its faces are already on show.
void Viewer::examine() {
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
          notify(Notice::Kind::Warning, "Recalibrating batch norm would help", health_->text);
      },
      [this, of = model_](const std::string& reason) {
        if (of == model_)
          notify(Notice::Kind::Warning, "The network could not be examined", reason);
      });
}

void Viewer::forget_examination() {
  examined_.reset();
  health_.reset();
}

bool Viewer::wants_recalibration() const {
  return health() && health_->recalibrate && !model_->recalibrated;
}

void Viewer::fit_state_to_model(bool first_model) {
  const int nz = model_->arch.nz;
  const auto size = static_cast<std::size_t>(nz);
  locked.resize(size, false);
  const auto refit = [nz, size](Face& face) {
    if (face.latent.size() == size) return;
    const std::string name = face.name;
    face = seed_face(face.seed.value_or(0), nz);
    face.name = name;
  };
  if (first_model) {
    state.face = seed_face(kFirstWalkSeeds.front(), nz);
    for (const std::uint64_t seed : kFirstWalkSeeds)
      append_key(state, seed_face(seed, nz));
    state.walking = true;
    playing = true;
  }
  for (std::size_t i = 0; i < state.pad.corners.size(); ++i) {
    Face& corner = state.pad.corners[i];
    if (corner.latent.size() != size)
      corner = seed_face(corner.seed.value_or(kFirstWalkSeeds[i]), nz);
  }
  if (first_model) return;
  refit(state.face);
  // A latent of another size without a seed means nothing to this model.
  const auto meaningless = [size](const Face& face) {
    return face.latent.size() != size && !face.seed;
  };
  std::erase_if(state.keys, [&](const Keyframe& key) { return meaningless(key.face); });
  for (Keyframe& key : state.keys)
    refit(key.face);
  for (SumTerm& term : state.sum.terms) {
    std::erase_if(term.faces, meaningless);
    std::ranges::for_each(term.faces, refit);
  }
  std::erase_if(state.directions,
                [size](const Direction& direction) { return direction.vector.size() != size; });
  std::erase_if(state.tracks, [size](const Track& track) {
    return track.kind == TrackKind::Direction && track.direction.vector.size() != size;
  });
  keep_in_walk();
}

void Viewer::notify(Notice::Kind kind, std::string title, std::string text) {
  std::erase_if(notices, [&](const Notice& n) { return n.title == title; });
  const double seconds = kind == Notice::Kind::Warning ? 2 * kNoticeSeconds : kNoticeSeconds;
  notices.push_back({kind, std::move(title), std::move(text), seconds});
  if (notices.size() > 4) notices.erase(notices.begin());
}

}  // namespace facemorph
