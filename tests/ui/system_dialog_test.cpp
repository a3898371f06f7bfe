#include "ui/system_dialog.hpp"

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "support/fake_zenity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <semaphore>
#include <thread>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::optional<fs::path> ask(SystemChoice what = SystemChoice::File,
                            const std::stop_token& stop = {}) {
  return ask_system_for(what, "/start here", "Choose »it«", stop);
}

TEST(SystemDialogProgram, BringsBackThePathAsItIs) {
  const FakeZenity zenity("printf '%s\\n' '/tmp/Bilder für  alle/Köpfe '");
  EXPECT_TRUE(has_system_dialog());
  EXPECT_EQ(ask(), fs::path("/tmp/Bilder für  alle/Köpfe "));
}

TEST(SystemDialogProgram, KeepsALineBreakInAName) {
  const FakeZenity zenity("printf '/tmp/two\\nlines\\n\\n'");
  EXPECT_EQ(ask(), fs::path("/tmp/two\nlines\n"));
}

TEST(SystemDialogProgram, IsAskedWithoutAShell) {
  const FakeZenity zenity("printf '%s\\n' \"$@\" > \"$(dirname \"$0\")/words\"; echo /tmp");
  ask(SystemChoice::File);
  EXPECT_THAT(zenity.lines_of("words"),
              ElementsAre("--file-selection", "--title=Choose »it«", "--filename=/start here/"));
  ask(SystemChoice::Folder);
  EXPECT_THAT(zenity.lines_of("words"), ElementsAre("--file-selection", "--title=Choose »it«",
                                                    "--filename=/start here/", "--directory"));
}

TEST(SystemDialogProgram, CancellingGivesNothing) {
  const FakeZenity zenity("exit 1");
  EXPECT_EQ(ask(), std::nullopt);
}

TEST(SystemDialogProgram, SaysWhyItFails) {
  const auto reason = [] {
    try {
      ask();
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("nothing was thrown");
  };
  {
    const FakeZenity zenity("exit 5");
    EXPECT_THAT(reason(), HasSubstr("ended with 5"));
  }
  {
    const FakeZenity zenity("kill -SEGV $$");
    EXPECT_THAT(reason(), HasSubstr("crashed"));
  }
  const FakeZenity zenity("", "#!/no/such/interpreter");
  EXPECT_THAT(reason(), HasSubstr("could not be started: No such file"));
}

TEST(SystemDialogProgram, IsNotThereWithoutAProgram) {
  const TemporaryFolder empty;
  const EnvironmentScope path("PATH", empty.path().string());
  EXPECT_FALSE(has_system_dialog());
  EXPECT_THROW(ask(), Error);
}

TEST(SystemDialogProgram, EndsWithWhatItStartedWhenAskedTo) {
  const FakeZenity zenity("sleep 600 & echo $! > \"$(dirname \"$0\")/started\"; wait");
  std::stop_source stop;
  std::jthread soon([&] {
    while (zenity.lines_of("started").empty())
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stop.request_stop();
  });
  EXPECT_EQ(ask(SystemChoice::File, stop.get_token()), std::nullopt);
  soon.join();
  // A killed process stays on the list until it is reaped, here by init.
  const std::string process = "/proc/" + zenity.lines_of("started").front() + "/cmdline";
  for (int i = 0; i < 1000 && fs::exists(process); ++i) {
    std::string words;
    std::getline(std::ifstream(process), words);
    if (words.empty()) return;  // a zombie
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_FALSE(fs::exists(process));
}

TEST(SystemDialog, AnswersOnce) {
  const FakeZenity zenity("echo /tmp/set.zip");
  std::binary_semaphore woken(0);
  Backstage backstage([&] { woken.release(); });
  SystemDialog dialog(backstage);
  EXPECT_FALSE(dialog.take_answer());
  dialog.ask(SystemChoice::File, "/", "Choose");
  EXPECT_TRUE(dialog.open());
  woken.acquire();
  backstage.queue.run_posted();
  const auto answer = dialog.take_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->path, fs::path("/tmp/set.zip"));
  EXPECT_EQ(answer->problem, "");
  EXPECT_FALSE(dialog.open());
  EXPECT_FALSE(dialog.take_answer());
}

TEST(SystemDialog, AProblemIsAnAnswer) {
  const FakeZenity zenity("exit 5");
  std::binary_semaphore woken(0);
  Backstage backstage([&] { woken.release(); });
  SystemDialog dialog(backstage);
  dialog.ask(SystemChoice::File, "/", "Choose");
  woken.acquire();
  backstage.queue.run_posted();
  const auto answer = dialog.take_answer();
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->path.empty());
  EXPECT_THAT(answer->problem, HasSubstr("ended with 5"));
}

TEST(SystemDialog, AClosedOneDoesNotAnswerTheNext) {
  std::counting_semaphore<2> woken(0);
  Backstage backstage([&] { woken.release(); });
  SystemDialog dialog(backstage);
  const FakeZenity zenity("test -e \"$(dirname \"$0\")/second\" || sleep 600; echo /tmp/second");
  dialog.ask(SystemChoice::File, "/", "Choose");
  dialog.close();
  EXPECT_FALSE(dialog.open());
  std::ofstream(zenity.folder() / "second") << "x";
  dialog.ask(SystemChoice::File, "/", "Choose");
  woken.acquire();
  woken.acquire();
  backstage.queue.run_posted();
  EXPECT_EQ(dialog.take_answer().value_or(SystemDialog::Answer()).path, fs::path("/tmp/second"));
}

TEST(SystemDialog, DoesNotOutliveItsOwner) {
  const FakeZenity zenity("sleep 600");
  const auto start = std::chrono::steady_clock::now();
  {
    Backstage backstage([] {});
    SystemDialog dialog(backstage);
    dialog.ask(SystemChoice::Folder, "/", "Choose");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

}  // namespace
}  // namespace facemorph
