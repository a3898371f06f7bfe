#include "viewer/stage.hpp"

#include <utility>

namespace facemorph {

Stage::Stage(const UiQueue& queue, Notices& notices)
    : notices_(notices), engine_([sender = queue.sender()] { sender.wake(); }) {}

void Stage::set_engine(std::unique_ptr<Engine> engine, bool alike) {
  engine_.set_engine(std::move(engine));
  if (alike)
    thumbnails_.outdate();
  else
    thumbnails_.clear();
  requested_.reset();
}

bool Stage::update() {
  if (auto error = engine_.take_error()) notices_.error("The face could not be generated", *error);
  thumbnails_.update();
  auto frame = engine_.take_stage();
  if (!frame) return false;
  shown_ = frame->request;
  picture_ = std::make_shared<const Image>(std::move(frame->image));
  latent_ = std::move(frame->latent);
  return true;
}

void Stage::request(const MorphState& state) {
  Latent latent = evaluate(state, state.playhead);
  if (requested_ != latent) {
    requested_ = latent;
    request_ = engine_.request_stage(std::move(latent));
  }
  thumbnails_.request_missing(state.truncation);
}

}  // namespace facemorph
