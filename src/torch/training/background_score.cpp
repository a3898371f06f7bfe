#include "torch/training/background_score.hpp"

#include "torch/network/torch_threads.hpp"
#include "torch/training/score.hpp"

#include <algorithm>
#include <chrono>

namespace facemorph {

BackgroundScore::BackgroundScore(std::shared_ptr<const DataSet> pictures, int count,
                                 std::uint64_t seed)
    : pictures_(std::move(pictures)),
      count_(std::min(static_cast<std::size_t>(std::max(count, 0)), pictures_->size() / 2)),
      seed_(seed) {}

bool BackgroundScore::start(std::shared_ptr<const GeneratorSnapshot> snapshot) {
  if (running_.valid() || count_ < 2) return false;
  running_ =
      std::async(std::launch::async, [pictures = pictures_, count = count_, seed = seed_,
                                      real = real_, usual = usual_, snapshot = std::move(snapshot),
                                      stop = stop_.get_token()] {
        use_one_thread();
        const auto start = std::chrono::steady_clock::now();
        const LayerStack& stack = snapshot->generator.stack;
        Scored result;
        result.generator = {snapshot->step, score_generator(stack, *pictures, count, seed, stop)};
        result.real = real ? *real : score_halves(*pictures, count, seed, stop);
        result.nearest = nearest_pictures(stack, *pictures, seed, stop, usual);
        result.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return result;
      });
  return true;
}

bool BackgroundScore::is_ready() const {
  return running_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

std::optional<Scored> BackgroundScore::take() {
  if (!running_.valid() || !is_ready()) return std::nullopt;
  Scored result = running_.get();
  real_ = std::make_shared<const Scores>(result.real);
  usual_ = result.nearest.usual;
  return result;
}

}  // namespace facemorph
