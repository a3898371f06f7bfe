#include "engine/async_engine.hpp"

#include "engine/triple_buffer.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace facemorph {
namespace {

using Clock = std::chrono::steady_clock;

/// Faces of the gallery between two looks at the stage's mailbox.
constexpr std::size_t kChunk = 4;

/// How many faces were made in the last second.
class RateMeter {
 public:
  void add(std::size_t count) {
    const auto now = Clock::now();
    made_.emplace_back(now, count);
    while (now - made_.front().first > std::chrono::seconds(1))
      made_.pop_front();
  }
  double per_second() const {
    std::size_t sum = 0;
    for (const auto& [time, count] : made_)
      sum += count;
    return static_cast<double>(sum);
  }

 private:
  std::deque<std::pair<Clock::time_point, std::size_t>> made_;
};

}  // namespace

struct AsyncEngine::Impl {
  struct StageRequest {
    Latent latent;
    std::uint64_t number = 0;
  };
  struct GalleryRequest {
    std::vector<Latent> latents;
    std::uint64_t number = 0;
  };

  explicit Impl(std::function<void()> wake_reader) : wake(std::move(wake_reader)) {
    thread = std::jthread([this](const std::stop_token& stop) { loop(stop); });
  }

  void loop(const std::stop_token& stop);
  /// Sleeps until there is work; returns false when asked to stop.
  bool wait_for_work(const std::stop_token& stop);
  void run_stage(const StageRequest& request);
  void run_gallery_chunk();
  void publish_error(const std::string& text);
  std::vector<Image> generate(std::span<const Latent> latents, bool for_stage);

  std::function<void()> wake;

  // The mailboxes: short moves under the lock, never inference.
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_ptr<Engine> new_engine;
  std::optional<StageRequest> stage_request;
  std::optional<GalleryRequest> gallery_request;
  std::uint64_t stamp = 0;
  std::uint64_t next_number = 1;

  // The engine thread's own.
  std::unique_ptr<Engine> engine;
  std::uint64_t engine_stamp = 0;
  std::optional<GalleryRequest> gallery;
  GalleryFrame gallery_so_far;
  RateMeter rate;
  double smoothed_milliseconds = 0;

  // Results.
  TripleBuffer<StageFrame> stage_results;
  TripleBuffer<GalleryFrame> gallery_results;
  TripleBuffer<std::string> errors;
  std::atomic<std::uint64_t> newest_stamp = 0;
  std::atomic<double> milliseconds = 0;
  std::atomic<double> faces_per_second = 0;
  std::atomic<bool> busy = false;

  std::jthread thread;  // last: stops before anything it uses is gone
};

bool AsyncEngine::Impl::wait_for_work(const std::stop_token& stop) {
  std::unique_lock lock(mutex);
  const auto ready = [this] {
    if (new_engine) return true;
    return engine && (stage_request || gallery_request || gallery);
  };
  if (!ready()) busy = false;
  changed.wait(lock, stop, ready);
  if (stop.stop_requested()) return false;
  busy = true;
  if (new_engine) {
    std::unique_ptr<Engine> old = std::exchange(engine, std::move(new_engine));
    engine_stamp = stamp;
    gallery.reset();
    lock.unlock();  // freeing a network takes a while
  }
  return true;
}

void AsyncEngine::Impl::loop(const std::stop_token& stop) {
  while (wait_for_work(stop)) {
    std::optional<StageRequest> stage;
    {
      const std::lock_guard lock(mutex);
      stage = std::exchange(stage_request, std::nullopt);
      if (gallery_request) {
        gallery = std::exchange(gallery_request, std::nullopt);
        gallery_so_far = {{}, gallery->latents.size(), engine_stamp, gallery->number};
      }
    }
    if (!engine) continue;
    if (stage) run_stage(*stage);
    if (gallery) run_gallery_chunk();
  }
}

void AsyncEngine::Impl::publish_error(const std::string& text) {
  errors.publish(text);
  wake();
}

std::vector<Image> AsyncEngine::Impl::generate(std::span<const Latent> latents, bool for_stage) {
  const auto start = Clock::now();
  std::vector<Image> images = engine->generate(latents);
  const double spent = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  if (for_stage) {
    smoothed_milliseconds +=
        (smoothed_milliseconds == 0 ? 1.0 : 0.1) * (spent - smoothed_milliseconds);
    milliseconds = smoothed_milliseconds;
  }
  rate.add(latents.size());
  faces_per_second = rate.per_second();
  return images;
}

void AsyncEngine::Impl::run_stage(const StageRequest& request) {
  try {
    std::vector<Image> images = generate(std::span(&request.latent, 1), true);
    stage_results.publish({std::move(images.front()), engine_stamp, request.number});
    wake();
  } catch (const std::exception& error) {
    publish_error(error.what());
  }
}

void AsyncEngine::Impl::run_gallery_chunk() {
  const std::size_t done = gallery_so_far.images.size();
  const std::size_t count = std::min(kChunk, gallery->latents.size() - done);
  try {
    if (count > 0) {
      auto images = generate(std::span(gallery->latents).subspan(done, count), false);
      std::ranges::move(images, std::back_inserter(gallery_so_far.images));
    }
  } catch (const std::exception& error) {
    gallery.reset();
    publish_error(error.what());
    return;
  }
  gallery_results.publish(gallery_so_far);
  if (gallery_so_far.images.size() >= gallery->latents.size()) gallery.reset();
  wake();
}

AsyncEngine::AsyncEngine(std::function<void()> wake)
    : impl_(std::make_unique<Impl>(std::move(wake))) {}

AsyncEngine::~AsyncEngine() = default;

std::uint64_t AsyncEngine::set_engine(std::unique_ptr<Engine> engine) {
  const std::lock_guard lock(impl_->mutex);
  const bool first = impl_->stamp == 0;
  impl_->new_engine = std::move(engine);
  if (!first) {  // they were meant for the old model
    impl_->stage_request.reset();
    impl_->gallery_request.reset();
  }
  impl_->newest_stamp = ++impl_->stamp;
  impl_->changed.notify_one();
  return impl_->stamp;
}

std::uint64_t AsyncEngine::request_stage(Latent latent) {
  const std::lock_guard lock(impl_->mutex);
  impl_->stage_request = Impl::StageRequest{std::move(latent), impl_->next_number};
  impl_->changed.notify_one();
  return impl_->next_number++;
}

std::uint64_t AsyncEngine::request_gallery(std::vector<Latent> latents) {
  const std::lock_guard lock(impl_->mutex);
  impl_->gallery_request = Impl::GalleryRequest{std::move(latents), impl_->next_number};
  impl_->changed.notify_one();
  return impl_->next_number++;
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
  std::string* text = impl_->errors.take();
  return text == nullptr ? std::nullopt : std::optional(std::move(*text));
}

EngineStats AsyncEngine::stats() const {
  return {impl_->milliseconds, impl_->faces_per_second, impl_->busy};
}

}  // namespace facemorph
