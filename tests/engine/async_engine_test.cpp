#include "engine/async_engine.hpp"

#include "base/error.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace facemorph {
namespace {

using ::testing::ElementsAre;

/// What a fake engine and its test tell each other. Outlives the engine.
class Stage {
 public:
  /// Engine: notes a call, and waits at a closed gate.
  void enter(std::vector<float> faces) {
    std::unique_lock lock(mutex_);
    calls_.push_back(std::move(faces));
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void close() { set_open(false); }
  void open() { set_open(true); }
  void wait_for_calls(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return calls_.size() >= count; });
  }
  std::vector<std::vector<float>> calls() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  void set_open(bool open) {
    const std::lock_guard lock(mutex_);
    open_ = open;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::vector<float>> calls_;
  bool open_ = true;
};

/// A latent's picture is one pixel with the latent's only value in red. Negative values fail.
class FakeEngine : public Engine {
 public:
  explicit FakeEngine(Stage& stage, std::atomic<int>* alive = nullptr)
      : stage_(stage), alive_(alive) {
    if (alive_ != nullptr) ++*alive_;
  }
  ~FakeEngine() override {
    if (alive_ != nullptr) --*alive_;
  }
  const EngineInfo& info() const override { return info_; }
  std::vector<Image> generate(std::span<const Latent> latents) override {
    std::vector<float> values;
    std::vector<Image> images;
    for (const Latent& latent : latents) {
      values.push_back(latent.at(0));
      images.push_back({1, 1, {static_cast<std::uint8_t>(latent[0]), 0, 0, 255}});
    }
    stage_.enter(values);
    if (!values.empty() && values.front() < 0) throw Error("no negative faces");
    return images;
  }

 private:
  Stage& stage_;
  std::atomic<int>* alive_;
  EngineInfo info_;
};

/// Counts wake-ups, and lets the test wait until something can be taken.
class Reader {
 public:
  std::function<void()> wake() {
    return [this] {
      const std::lock_guard lock(mutex_);
      ++wakes_;
      changed_.notify_all();
    };
  }
  /// Calls `take` after every wake-up until it gives a value that satisfies `good`.
  template <typename Take, typename Good>
  auto wait_for(Take take, Good good) {
    std::unique_lock lock(mutex_);
    while (true) {
      const int seen = wakes_;
      lock.unlock();
      if (auto value = take(); value && good(*value)) return *value;
      lock.lock();
      changed_.wait(lock, [&] { return wakes_ != seen; });
    }
  }
  template <typename Take>
  auto wait_for(Take take) {
    return wait_for(take, [](const auto&) { return true; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int wakes_ = 0;
};

std::vector<Latent> faces(float first, int count) {
  std::vector<Latent> latents;
  for (int i = 0; i < count; ++i)
    latents.push_back({first + static_cast<float>(i)});
  return latents;
}

class AsyncEngineTest : public ::testing::Test {
 protected:
  StageFrame next_stage() {
    return reader_.wait_for([this] { return engine_.take_stage(); });
  }
  /// The frame of one request; older ones are passed over.
  StageFrame stage_of(std::uint64_t request) {
    return reader_.wait_for([this] { return engine_.take_stage(); },
                            [&](const StageFrame& frame) { return frame.request == request; });
  }
  GalleryFrame whole_gallery() {
    return reader_.wait_for(
        [this] { return engine_.take_gallery(); },
        [](const GalleryFrame& frame) { return frame.images.size() == frame.requested; });
  }

  Stage stage_;
  Reader reader_;
  AsyncEngine engine_{reader_.wake()};
};

TEST_F(AsyncEngineTest, AStageRequestComesBackWithItsNumberAndStamp) {
  const auto stamp = engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  const auto request = engine_.request_stage({7});
  const StageFrame frame = next_stage();
  EXPECT_EQ(stamp, 1U);
  EXPECT_EQ(frame.model_stamp, stamp);
  EXPECT_EQ(frame.request, request);
  EXPECT_EQ(frame.image.rgba.at(0), 7);
  EXPECT_FALSE(engine_.take_stage()) << "a frame is given once";
}

TEST_F(AsyncEngineTest, RequestsBeforeTheFirstEngineWaitForIt) {
  const auto request = engine_.request_stage({3});
  engine_.request_gallery(faces(10, 2));
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  EXPECT_EQ(next_stage().request, request);
  EXPECT_EQ(whole_gallery().images.size(), 2U);
}

TEST_F(AsyncEngineTest, TheNewestRequestWins) {
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  stage_.close();
  engine_.request_stage({1});
  stage_.wait_for_calls(1);
  for (int i = 2; i < 100; ++i)
    engine_.request_stage({static_cast<float>(i)});
  const auto last = engine_.request_stage({100});
  stage_.open();
  EXPECT_EQ(stage_of(last).image.rgba.at(0), 100);
  EXPECT_THAT(stage_.calls(), ElementsAre(ElementsAre(1), ElementsAre(100)));
}

TEST_F(AsyncEngineTest, TheStageGoesBeforeTheGalleryAndBetweenItsChunks) {
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  stage_.close();
  engine_.request_gallery(faces(10, 6));
  stage_.wait_for_calls(1);
  engine_.request_stage({1});
  stage_.open();
  whole_gallery();
  EXPECT_THAT(stage_.calls(),
              ElementsAre(ElementsAre(10, 11, 12, 13), ElementsAre(1), ElementsAre(14, 15)));
}

TEST_F(AsyncEngineTest, GalleryFacesArriveInOrder) {
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  const auto request = engine_.request_gallery(faces(0, 25));
  const GalleryFrame frame = whole_gallery();
  EXPECT_EQ(frame.request, request);
  EXPECT_EQ(frame.requested, 25U);
  for (std::size_t i = 0; i < frame.images.size(); ++i)
    EXPECT_EQ(frame.images[i].rgba.at(0), static_cast<std::uint8_t>(i));
}

TEST_F(AsyncEngineTest, AnEmptyGalleryIsAnswered) {
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  engine_.request_gallery({});
  EXPECT_EQ(whole_gallery().requested, 0U);
}

TEST_F(AsyncEngineTest, ANewGalleryReplacesTheOldOne) {
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  stage_.close();
  engine_.request_gallery(faces(0, 100));
  stage_.wait_for_calls(1);
  const auto last = engine_.request_gallery(faces(200, 3));
  stage_.open();
  EXPECT_EQ(reader_
                .wait_for([this] { return engine_.take_gallery(); },
                          [&](const GalleryFrame& frame) { return frame.request == last; })
                .images.at(0)
                .rgba.at(0),
            200);
  EXPECT_EQ(stage_.calls().size(), 2U);
}

TEST_F(AsyncEngineTest, ResultsOfAnOlderModelAreDropped) {
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  stage_.close();
  engine_.request_stage({1});
  stage_.wait_for_calls(1);
  engine_.request_gallery(faces(50, 8));  // never run: it was meant for the old model
  Stage second_stage;
  const auto stamp = engine_.set_engine(std::make_unique<FakeEngine>(second_stage));
  engine_.request_stage({2});
  stage_.open();
  const StageFrame frame = next_stage();
  EXPECT_EQ(frame.model_stamp, stamp);
  EXPECT_EQ(frame.image.rgba.at(0), 2);
  EXPECT_FALSE(engine_.take_gallery());
  EXPECT_THAT(stage_.calls(), ElementsAre(ElementsAre(1)));
  EXPECT_THAT(second_stage.calls(), ElementsAre(ElementsAre(2)));
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));  // second_stage goes away first
  const auto request = engine_.request_stage({3});
  stage_of(request);
}

TEST_F(AsyncEngineTest, UntakenResultsOfTheOldModelAreDropped) {
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  engine_.request_stage({1});
  stage_.wait_for_calls(1);
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  const auto request = engine_.request_stage({2});
  EXPECT_EQ(next_stage().request, request);
}

TEST_F(AsyncEngineTest, ErrorsArriveAsTextAndTheThreadGoesOn) {
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  engine_.request_stage({-1});
  EXPECT_EQ(reader_.wait_for([this] { return engine_.take_error(); }), "no negative faces");
  EXPECT_FALSE(engine_.take_error());
  engine_.request_gallery({{-1}, {2}});
  EXPECT_EQ(reader_.wait_for([this] { return engine_.take_error(); }), "no negative faces");
  const auto request = engine_.request_stage({5});
  EXPECT_EQ(next_stage().request, request);
}

TEST_F(AsyncEngineTest, StatsCountFacesAndSettleWhenIdle) {
  engine_.set_engine(std::make_unique<FakeEngine>(stage_));
  stage_.close();
  engine_.request_stage({1});
  stage_.wait_for_calls(1);
  EXPECT_TRUE(engine_.stats().busy);
  stage_.open();
  next_stage();
  EXPECT_GT(engine_.stats().milliseconds_per_call, 0.0);
  while (engine_.stats().busy)
    std::this_thread::yield();
}

TEST(AsyncEngine, IsDestroyedCleanlyWithoutAnEngine) {
  AsyncEngine engine([] {});
  engine.request_stage({1});
}

TEST(AsyncEngine, IsDestroyedCleanlyWhileBusyAndTakesItsEnginesAlong) {
  std::atomic<int> alive = 0;
  Stage stage;
  {
    AsyncEngine engine([] {});
    engine.set_engine(std::make_unique<FakeEngine>(stage, &alive));
    stage.close();
    engine.request_stage({1});
    engine.request_gallery(faces(0, 1000));
    stage.wait_for_calls(1);
    for (int i = 0; i < 3; ++i)
      engine.set_engine(std::make_unique<FakeEngine>(stage, &alive));
    engine.request_stage({2});
    EXPECT_EQ(alive, 4);
    stage.open();
  }
  EXPECT_EQ(alive, 0);
}

/// Meant for the thread sanitizer as well: requests, takes and model changes from three threads.
TEST(AsyncEngine, SurvivesThousandsOfRequests) {
  Stage stage;
  std::atomic<bool> done = false;
  std::uint64_t last = 0;
  AsyncEngine engine([] {});
  engine.set_engine(std::make_unique<FakeEngine>(stage));
  std::jthread sender([&] {
    for (int i = 0; i < 5000; ++i) {
      last = engine.request_stage({static_cast<float>(i % 200)});
      if (i % 50 == 0) engine.request_gallery(faces(0, 10));
      if (i % 500 == 0) engine.set_engine(std::make_unique<FakeEngine>(stage));
      if (i % 700 == 0) engine.request_stage({-1});
    }
    last = engine.request_stage({42});
    done = true;
  });
  std::uint64_t newest = 0;
  std::uint64_t newest_stamp = 0;
  while (!done || newest != last) {
    if (const auto frame = engine.take_stage()) {
      EXPECT_GT(frame->request, newest);
      EXPECT_GE(frame->model_stamp, newest_stamp);
      newest = frame->request;
      newest_stamp = frame->model_stamp;
    }
    if (const auto frame = engine.take_gallery()) {
      EXPECT_LE(frame->images.size(), 10U);
    }
    engine.take_error();
    engine.stats();
    std::this_thread::yield();
  }
}

}  // namespace
}  // namespace facemorph
