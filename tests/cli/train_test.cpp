#include "checkpoint/formats/checkpoint.hpp"
#include "cli/command_line_test.hpp"
#include "pictures/image.hpp"
#include "runs/run_folder.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <map>
#include <sstream>
#include <thread>

namespace facemorph {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Networks that train in no time.
constexpr const char* kSmall =
    " --size 32 --batch 4 --set nz=16 --set ngf=4 --set ndf=4 --set ema_batches=2 ";

class Training : public CommandLine {
 protected:
  static std::string pictures() {
    return " --data '" +
           (fs::path(std::getenv("FACEMORPH_FIXTURES")) / "training" / "pictures").string() + "' ";
  }
  Outcome train(const std::string& arguments) { return facemorph("train " + arguments); }
  TensorTable checkpoint(const std::string& name) const {
    return read_checkpoint(file(name)).state_dicts.at(0).tensors;
  }
  /// What --json printed, by kind of event; the last of each.
  static std::map<std::string, json> events(const std::string& out) {
    std::map<std::string, json> result;
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) {
      json event = json::parse(line);
      result[event["event"]] = event;
    }
    return result;
  }
  /// Starts a long run, waits until it has saved `steps` steps, and ends it with a signal.
  Outcome train_and_signal(const std::string& arguments, int steps, const std::string& signal) {
    return shell("'" FACEMORPH_PROGRAM "' train " + arguments +
                 " & pid=$!; "
                 "for i in $(seq 600); do last=$(ls run/checkpoints 2>/dev/null | tail -1 | "
                 "tr -dc 0-9 | sed 's/^0*//'); [ \"${last:-0}\" -ge " +
                 std::to_string(steps) + " ] && break; sleep 0.05; done; kill -" + signal +
                 " $pid; wait $pid");
  }
};

TEST_F(Training, MakesARunFolderWithEverything) {
  const Outcome outcome =
      train(pictures() + kSmall + "--out run --steps 12 --samples-every 10 --json");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  auto events = Training::events(outcome.out);
  EXPECT_GE(events["reading"]["fraction"], 0);
  EXPECT_EQ(events["pictures"]["count"], 24);
  EXPECT_EQ(events["progress"]["step"], 12);
  EXPECT_EQ(events["finished"]["step"], 12);
  EXPECT_EQ(events["finished"]["stopped"], false);
  EXPECT_GT(events["scored"]["swd"].get<double>(), events["scored"]["real_swd"].get<double>());
  EXPECT_EQ(read_png(file("run/nearest.png")).width, 16 * 34 + 2);
  EXPECT_EQ(json::parse(contents(file("run/config.json")))["nz"], 16);
  for (const char* sheet : {"step-00000000.png", "step-00000010.png", "step-00000012.png"})
    EXPECT_EQ(read_png(file("run/samples") / sheet).width, 8 * 34 + 2);
  const Image strip = read_png(file("run/strip.png"));
  EXPECT_EQ(strip.width, 8 * 34 + 2);
  EXPECT_EQ(strip.height, 3 * 34);
  EXPECT_THAT(contents(file("run/metrics.csv")), AllOf(HasSubstr("\n10,"), HasSubstr("\n12,")));
  // It opens as any other checkpoint.
  const Outcome info = facemorph("info run/checkpoints/step-00000012.safetensors --json");
  EXPECT_EQ(json::parse(info.out)["nz"], 16) << info.out;
}

TEST_F(Training, KilledAndResumedItEndsWhereAStraightRunEnds) {
  const std::string settings = pictures() + kSmall;
  ASSERT_EQ(train(settings + "--out straight --steps 40").exit_code, 0);
  train_and_signal(settings + "--out run --steps 1000000 --save-minutes 0", 20, "KILL");
  // The machine may have been fast: go back to a checkpoint before step 40.
  const auto steps = saved_steps(file("run"));
  ASSERT_GE(steps.back(), 20U);
  for (const std::uint64_t step : steps)
    if (step >= 40) {
      std::string digits = std::to_string(step);
      digits.insert(0, 8 - digits.size(), '0');
      fs::remove(file("run/checkpoints/step-" + digits + ".safetensors"));
    }
  const Outcome resumed = train("--resume --out run --steps 40 --json");
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(checkpoint("run/checkpoints/step-00000040.safetensors") ==
              checkpoint("straight/checkpoints/step-00000040.safetensors"));
  EXPECT_EQ(contents(file("run/samples/step-00000040.png")),
            contents(file("straight/samples/step-00000040.png")));
}

TEST_F(Training, CtrlCSavesAndSaysHowToGoOn) {
  for (const char* signal : {"INT", "HUP", "QUIT"}) {  // a terminal that closes sends HUP
    const Outcome stopped = train_and_signal(
        pictures() + kSmall + "--out run --steps 1000000 --save-minutes 0", 3, signal);
    EXPECT_EQ(stopped.exit_code, 0) << stopped.err;
    EXPECT_THAT(stopped.err,
                AllOf(HasSubstr("Stopped at step"), HasSubstr("train --resume --out run")));
    fs::remove_all(file("run"));
  }
}

TEST_F(Training, ARunThatIsDeletedMeanwhileIsKeptAnew) {
  const Outcome stopped =
      shell("'" FACEMORPH_PROGRAM "' train " + pictures() + kSmall +
            "--out run --steps 1000000 --save-minutes 0 & pid=$!; "
            "await() { for i in $(seq 600); do [ -e $1 ] && break; sleep 0.05; done; }; "
            "await run/checkpoints/step-00000003.safetensors; mv run gone; await run/config.json; "
            "kill $pid; wait $pid");
  EXPECT_EQ(stopped.exit_code, 0) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("run was deleted while it trained"));
  EXPECT_EQ(train("--resume --out run --epochs 1000000 --minutes 0.01").exit_code, 0)
      << "what it says is true: the run can be gone on with";
}

TEST_F(Training, ATornCheckpointIsPassedOver) {
  const std::string settings = pictures() + kSmall;
  ASSERT_EQ(train(settings + "--out run --steps 4").exit_code, 0);
  ASSERT_EQ(train("--resume --out run --steps 6").exit_code, 0);
  fs::resize_file(file("run/checkpoints/step-00000006.safetensors"), 1000);
  const Outcome resumed = train("--resume --out run --steps 8 --json");
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  const auto events = Training::events(resumed.out);
  EXPECT_EQ(events.at("resumed")["step"], 4);
  EXPECT_EQ(events.at("resumed")["torn"].size(), 1U);
}

TEST_F(Training, FineTunesFromAnotherCheckpoint) {
  ASSERT_EQ(train(pictures() + kSmall + "--out first --steps 2").exit_code, 0);
  const std::string init = "first/checkpoints/step-00000002.safetensors";
  const Outcome tuned = train(pictures() + "--batch 4 --set ndf=4 --set ema_batches=2 --init " +
                              init + " --out second --steps 1");
  ASSERT_EQ(tuned.exit_code, 0) << tuned.err;
  const json config = json::parse(contents(file("second/config.json")));
  EXPECT_EQ(config["nz"], 16);
  EXPECT_EQ(config["ngf"], 4);
  EXPECT_EQ(config["image_size"], 32);
}

TEST_F(Training, PicturesBeyondTheMemoryAreReadWhileTraining) {
  const std::string settings = pictures() +
                               "--size 256 --batch 8 --steps 4 --set nz=16 --set ngf=4 "
                               "--set ndf=4 --set ema_batches=2 --score-pictures 0 --json ";
  ASSERT_EQ(train(settings + "--out whole").exit_code, 0);
  const Outcome streamed = train(settings + "--memory 1 --out streamed");
  ASSERT_EQ(streamed.exit_code, 0) << streamed.err;
  const json pictures = events(streamed.out).at("pictures");
  EXPECT_EQ(pictures["count"], 24);
  EXPECT_EQ(pictures["in_memory"], 5);  // of 192 kB each
  EXPECT_TRUE(checkpoint("streamed/checkpoints/step-00000004.safetensors") ==
              checkpoint("whole/checkpoints/step-00000004.safetensors"));
}

TEST_F(Training, ARunInTheFolderOfItsPicturesDoesNotLearnFromItself) {
  fs::copy(fs::path(std::getenv("FACEMORPH_FIXTURES")) / "training" / "pictures", file("photos"));
  ASSERT_EQ(train(std::string("--data photos --out photos/run --steps 1") + kSmall).exit_code, 0);
  const Outcome resumed = train("--resume --out photos/run --steps 2 --json");
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  const json pictures = events(resumed.out).at("pictures");
  EXPECT_EQ(pictures["count"], 24);
  EXPECT_EQ(pictures["skipped"].size(), 0U);
  ASSERT_EQ(pictures["left_out"].size(), 1U);
  EXPECT_EQ(pictures["left_out"][0]["name"], "run");
  const Outcome second = train(std::string("--data photos --out photos/second --steps 1") + kSmall);
  EXPECT_THAT(second.err,
              AllOf(HasSubstr("24 pictures"), HasSubstr("left out run: a training run")));
}

TEST_F(Training, AResumedRunTakesNewSettings) {
  ASSERT_EQ(train(pictures() + kSmall + "--out run --steps 1").exit_code, 0);
  const Outcome resumed = train("--resume --out run --steps 2 --set generator_learning_rate=1e-4");
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(json::parse(contents(file("run/config.json")))["generator_learning_rate"], 1e-4);
  EXPECT_EQ(train("--resume --out run --steps 3 --preset tutorial").exit_code, 2);
  EXPECT_EQ(train("--resume --out run --steps 3 --set nz=5").exit_code, 2);
}

TEST_F(Training, NonsenseIsExplained) {
  const auto refused = [&](const std::string& arguments, int code, const std::string& text) {
    const Outcome outcome = train(arguments);
    EXPECT_EQ(outcome.exit_code, code) << arguments;
    EXPECT_THAT(outcome.err, HasSubstr(text)) << arguments;
    EXPECT_FALSE(fs::exists(file("run"))) << arguments;
  };
  refused("--out run --steps 1", 2, "--data");
  refused(pictures() + "--out run", 2, "--minutes");
  refused(pictures() + "--out run --steps 0", 2, "--steps");
  refused(pictures() + "--out run --minutes nan", 2, "--minutes");
  refused(pictures() + "--out run --epochs inf", 2, "--epochs");
  refused(pictures() + "--out run --steps 1 --set r1=nan", 2, "r1");
  refused("--data missing --out run --steps 1", 1, "does not exist");
  refused(pictures() + "--out run --steps 1 --preset fast", 2, "fast");
  refused(pictures() + "--out run --steps 1 --set momentum=1", 2, "momentum");
  refused(pictures() + "--out run --steps 1 --set batch", 2, "name=value");
  refused(pictures() + "--out run --steps 1 --set preset=tutorial", 2, "--preset tutorial");
  refused(pictures() + "--out run --steps 1 --set keep_every=0", 2, "keep_every");
  refused(pictures() + "--out run --steps 1 --size 65", 2, "32, 64, 128 or 256");
  refused("--resume --out run --steps 1", 1, "no training run");
  refused(pictures() + "--init missing.pth --out run --steps 1", 1, "missing.pth");
}

TEST_F(Training, NeverOverwritesARun) {
  ASSERT_EQ(train(pictures() + kSmall + "--out run --steps 1").exit_code, 0);
  const std::string before = contents(file("run/config.json"));
  const Outcome again = train(pictures() + "--out run --steps 1");
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("--resume"));
  EXPECT_EQ(contents(file("run/config.json")), before);
}

TEST_F(Training, BenchComparesWithThePythonLoop) {
  const Outcome outcome = facemorph("bench train --batch 8 --seconds 0.05 --rounds 1 --json",
                                    "FACEMORPH_BENCH_PEERS='" FACEMORPH_PEERS "'");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json report = json::parse(outcome.out);
  EXPECT_GT(report["images_per_s"].get<double>(), 0);
  EXPECT_GT(report["python_images_per_s"].get<double>(), 0);
  EXPECT_NEAR(report["ratio"].get<double>(),
              report["images_per_s"].get<double>() / report["python_images_per_s"].get<double>(),
              1e-9);
}

TEST_F(Training, ScoreComparesAGeneratorWithPictures) {
  ASSERT_EQ(train(pictures() + kSmall + "--out run --steps 1").exit_code, 0);
  const Outcome outcome =
      facemorph("score run/checkpoints/step-00000001.safetensors --json" + pictures());
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const json report = json::parse(outcome.out);
  EXPECT_EQ(report["pictures"], 12);
  EXPECT_GT(report["generator"]["swd"].get<double>(), report["real_halves"]["swd"].get<double>());
  EXPECT_EQ(report["generator"]["swd_levels"].size(), 2U);  // 32 and 16
}

TEST_F(Training, DrawnFacesAreASetToTrainOn) {
  ASSERT_EQ(facemorph("make-faces --count 8 --size 32 -o drawn").exit_code, 0);
  EXPECT_EQ(read_png(file("drawn/images/000007.png")).width, 32);
  EXPECT_THAT(contents(file("drawn/labels.csv")),
              AllOf(HasSubstr("file,skin,"), HasSubstr("images/000007.png,")));
  ASSERT_EQ(train(std::string("--data drawn --out run --steps 1") + kSmall).exit_code, 0);
  EXPECT_EQ(facemorph("make-faces --count 1 -o drawn").exit_code, 2);
}

}  // namespace
}  // namespace facemorph
