#include "engine/async_engine.hpp"

#include "base/error.hpp"
#include "engine/rate_meter.hpp"
#include "engine/triple_buffer.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace facemorph {
namespace {

/// Faces of the gallery between two looks at the stage's mailbox.
constexpr std::size_t kChunk = 4;

struct StageRequest {
  Latent latent;
  std::uint64_t number = 0;
};
struct GalleryRequest {
  std::vector<Latent> latents;
  std::uint64_t number = 0;
};
struct ErrorText {
  std::string text;
  std::uint64_t model_stamp = 0;
};

/// What waits for the engine thread.
struct Mailboxes {
  std::unique_ptr<Engine> engine;
  std::vector<std::unique_ptr<Engine>> skipped;  ///< replaced before they ever ran
  std::optional<StageRequest> stage;
  std::optional<GalleryRequest> gallery;
  std::uint64_t stamp = 0;  ///< of the newest engine
};

}  // namespace

struct AsyncEngine::Impl {
  explicit Impl(std::function<void()> wake_reader) : wake(std::move(wake_reader)) {
    thread = std::jthread([this](const std::stop_token& stop) { loop(stop); });
  }

  void loop(const std::stop_token& stop);
  /// Sleeps until there is work and takes what waits; false when asked to stop.
  bool take_work(const std::stop_token& stop, Mailboxes& work);
  void install(Mailboxes& work);
  void run_stage(const StageRequest& request);
  void run_gallery_chunk();
  std::vector<Image> generate(std::span<const Latent> latents);
  void publish_error(std::string text);

  std::function<void()> wake;

  std::mutex mutex;  // guards the mailboxes for short moves, never for inference
  std::condition_variable_any changed;
  Mailboxes mailboxes;
  std::uint64_t last_number = 0;

  // The engine thread's own.
  std::unique_ptr<Engine> engine;
  std::uint64_t engine_stamp = 0;
  std::optional<GalleryRequest> gallery;
  std::vector<Image> gallery_images;

  // Results.
  TripleBuffer<StageFrame> stage_results;
  TripleBuffer<GalleryFrame> gallery_results;
  TripleBuffer<ErrorText> errors;
  std::atomic<std::uint64_t> newest_stamp = 0;
  RateMeter rate;
  std::atomic<double> milliseconds = 0;
  std::atomic<bool> busy = false;

  std::jthread thread;  // last: stops before anything it uses is gone
};

bool AsyncEngine::Impl::take_work(const std::stop_token& stop, Mailboxes& work) {
  std::unique_lock lock(mutex);
  const auto ready = [this] {
    const bool runnable = engine || mailboxes.engine;
    return mailboxes.engine || (runnable && (mailboxes.stage || mailboxes.gallery || gallery));
  };
  if (!ready()) busy = false;
  changed.wait(lock, stop, ready);
  if (stop.stop_requested()) return false;
  busy = true;
  // All at once: a request must never meet an older engine than it was made for.
  work.engine = std::move(mailboxes.engine);
  work.skipped = std::exchange(mailboxes.skipped, {});
  work.stage = std::exchange(mailboxes.stage, std::nullopt);
  work.gallery = std::exchange(mailboxes.gallery, std::nullopt);
  work.stamp = mailboxes.stamp;
  return true;
}

void AsyncEngine::Impl::install(Mailboxes& work) {
  if (work.engine) {
    engine = std::move(work.engine);
    engine_stamp = work.stamp;
    gallery.reset();
    milliseconds = 0;
  }
  if (work.gallery) {
    gallery = std::move(work.gallery);
    gallery_images.clear();
  }
}

void AsyncEngine::Impl::loop(const std::stop_token& stop) {
  while (true) {
    Mailboxes work;
    if (!take_work(stop, work)) break;
    install(work);
    if (work.stage) run_stage(*work.stage);
    if (gallery) run_gallery_chunk();
  }
  engine.reset();  // here, where it ran
  const std::lock_guard lock(mutex);
  mailboxes = {};
}

void AsyncEngine::Impl::publish_error(std::string text) {
  errors.publish({std::move(text), engine_stamp});
  wake();
}

std::vector<Image> AsyncEngine::Impl::generate(std::span<const Latent> latents) {
  std::vector<Image> images = engine->generate(latents);
  if (images.size() != latents.size()) throw Error("The engine gave too few pictures.");
  rate.add(latents.size());
  return images;
}

void AsyncEngine::Impl::run_stage(const StageRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  try {
    std::vector<Image> images = generate(std::span(&request.latent, 1));
    const std::chrono::duration<double, std::milli> spent =
        std::chrono::steady_clock::now() - start;
    const double before = milliseconds;
    milliseconds = before == 0 ? spent.count() : before + 0.1 * (spent.count() - before);
    stage_results.publish(
        {std::move(images.front()), engine_stamp, request.number, request.latent});
    wake();
  } catch (const std::exception& error) {
    publish_error(error.what());
  }
}

void AsyncEngine::Impl::run_gallery_chunk() {
  const std::size_t total = gallery->latents.size();
  const std::size_t done = gallery_images.size();
  const std::size_t count = std::min(kChunk, total - done);
  try {
    std::vector<Image> images;
    if (count > 0) images = generate(std::span(gallery->latents).subspan(done, count));
    std::ranges::move(images, std::back_inserter(gallery_images));
    gallery_results.publish({gallery_images, total, engine_stamp, gallery->number});
    if (gallery_images.size() == total) gallery.reset();
    wake();
  } catch (const std::exception& error) {
    gallery.reset();
    publish_error(error.what());
  }
}

AsyncEngine::AsyncEngine(std::function<void()> wake)
    : impl_(std::make_unique<Impl>(std::move(wake))) {}

AsyncEngine::~AsyncEngine() = default;

std::uint64_t AsyncEngine::set_engine(std::unique_ptr<Engine> engine) {
  const std::lock_guard lock(impl_->mutex);
  Mailboxes& mail = impl_->mailboxes;
  if (mail.engine) mail.skipped.push_back(std::move(mail.engine));
  mail.engine = std::move(engine);
  if (mail.stamp != 0) {  // they were meant for the old model
    mail.stage.reset();
    mail.gallery.reset();
  }
  impl_->newest_stamp = ++mail.stamp;
  impl_->changed.notify_one();
  return mail.stamp;
}

std::uint64_t AsyncEngine::request_stage(Latent latent) {
  const std::lock_guard lock(impl_->mutex);
  impl_->mailboxes.stage = StageRequest{std::move(latent), ++impl_->last_number};
  impl_->changed.notify_one();
  return impl_->last_number;
}

std::uint64_t AsyncEngine::request_gallery(std::vector<Latent> latents) {
  const std::lock_guard lock(impl_->mutex);
  impl_->mailboxes.gallery = GalleryRequest{std::move(latents), ++impl_->last_number};
  impl_->changed.notify_one();
  return impl_->last_number;
}

std::optional<StageFrame> AsyncEngine::take_stage() {
  StageFrame* frame = impl_->stage_results.take();
  if (frame == nullptr || frame->model_stamp != impl_->newest_stamp) return std::nullopt;
  return std::move(*frame);
}

std::optional<GalleryFrame> AsyncEngine::take_gallery() {
  GalleryFrame* frame = impl_->gallery_results.take();
  if (frame == nullptr || frame->model_stamp != impl_->newest_stamp) return std::nullopt;
  return std::move(*frame);
}

std::optional<std::string> AsyncEngine::take_error() {
  ErrorText* error = impl_->errors.take();
  if (error == nullptr || error->model_stamp != impl_->newest_stamp) return std::nullopt;
  return std::move(error->text);
}

EngineStats AsyncEngine::stats() const {
  return {impl_->milliseconds, impl_->rate.per_second(), impl_->busy};
}

}  // namespace facemorph
