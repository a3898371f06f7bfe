#include "viewer/viewer.hpp"

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "session/session_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

// The viewer without a window, and without a display.

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

fs::path fixture(const std::string& name) {
  const char* fixtures = std::getenv("FACEMORPH_FIXTURES");
  if (fixtures == nullptr)
    throw std::runtime_error("FACEMORPH_FIXTURES is not set; run through ctest");
  return fs::path(fixtures) / "gui" / name;
}

/// Somebody who does what the window does in every frame.
class Person {
 public:
  explicit Person(const fs::path& folder, const ModelRequest& asked = {})
      : place_(std::make_shared<const KeptWork>(folder)),
        viewer_({folder / "settings.json", {}, load_settings(folder / "settings.json"), place_},
                [] {}) {
    std::promise<std::shared_ptr<Start>> start;
    try {
      start.set_value(std::make_shared<Start>(make_start(asked, {}, *place_)));
    } catch (...) {
      start.set_exception(std::current_exception());
    }
    viewer_.begin(asked, start.get_future().share());
  }
  Viewer* operator->() { return &viewer_; }
  MorphState& state() { return viewer_.editor.state; }
  void frame() {
    viewer_.update(1.0 / 60);
    viewer_.record_edits();
    viewer_.request_frames();
  }
  void until(const std::function<bool()>& done, const std::string& what) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    for (; !done(); frame()) {
      if (std::chrono::steady_clock::now() > end)
        throw std::runtime_error("waited in vain for: " + what);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  void rest() {
    until([this] { return viewer_.editor.ready() && !viewer_.model.loading(); }, "a model");
    viewer_.editor.play(false);
    frame();
  }

 private:
  std::shared_ptr<const KeptWork> place_;
  Viewer viewer_;
};

class ViewerAlone : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
};

TEST_F(ViewerAlone, DrawsWhatItsStateSays) {
  Person person(folder_.path());
  person.rest();
  person->editor.show_face(seed_face(7, person->editor.nz()));
  person.until([&] { return person->stage.picture() && person->engine_idle(); }, "the picture");
  EXPECT_EQ(person->stage.latent(), seed_latent(7, person->editor.nz()));
  const auto engine = make_engine(*person->model.get(), person->model.options());
  EXPECT_EQ(engine->generate(std::vector<Latent>{person->stage.latent()}).front().rgba,
            person->stage.picture()->rgba);
}

TEST_F(ViewerAlone, KeepsItsWorkForTheNextOne) {
  MorphState left;
  {
    Person person(folder_.path());
    person.rest();
    person->editor.show_face(seed_face(7, person->editor.nz()));
    person.frame();
    person->editor.add_shown_to_walk();
    person.frame();
    left = person.state();
  }
  Person next(folder_.path());
  next.rest();
  EXPECT_EQ(next.state(), left);
  next->undo();
  next.frame();
  EXPECT_EQ(next.state().keys.size(), left.keys.size() - 1);
}

TEST_F(ViewerAlone, ANewcomerSeesTheWalkPlayAlsoTheSecondTime) {
  for (int start = 0; start < 2; ++start) {
    Person person(folder_.path());
    person.until([&] { return person->editor.ready(); }, "a model");
    EXPECT_TRUE(person->animating()) << "start " << start;
    EXPECT_TRUE(person->notices.empty());
  }
}

TEST_F(ViewerAlone, TwoAtOnceKeepTheirWorkApart) {
  MorphState first_left;
  MorphState second_left;
  {
    Person first(folder_.path());
    Person second(folder_.path());
    for (Person* person : {&first, &second}) {
      person->rest();
      (*person)->editor.random_face();
      person->frame();
    }
    first_left = first.state();
    second_left = second.state();
  }
  ASSERT_NE(first_left, second_left);
  Person first(folder_.path());
  Person second(folder_.path());
  first.rest();
  second.rest();
  EXPECT_EQ(first.state(), first_left);
  EXPECT_EQ(second.state(), second_left);
}

TEST_F(ViewerAlone, TwoAtOnceKeepEachOthersFavourites) {
  {
    Person first(folder_.path());
    Person second(folder_.path());
    first.rest();
    second.rest();
    const auto keep = [](Person& person, std::uint64_t seed) {
      person->editor.toggle_favourite(seed_face(seed, person->editor.nz()));
      person.frame();
      person.until([&] { return person->saver().idle(); }, "the settings to be kept");
    };
    keep(first, 1);
    keep(second, 2);
    keep(first, 3);
    second->undo();  // of its own
    second.frame();
  }
  Person next(folder_.path());
  next.rest();
  ASSERT_EQ(next->editor.favourites.size(), 2U);
  EXPECT_EQ(next->editor.favourites[0].seed, 1U);
  EXPECT_EQ(next->editor.favourites[1].seed, 3U);
}

TEST_F(ViewerAlone, APlaceThatCannotKeepTheWorkIsTold) {
  std::ofstream(folder_ / "file") << "no folder";
  Person person(folder_ / "file");
  person.rest();
  EXPECT_EQ(person->keep_problem(), "") << "nothing was made yet";
  person->editor.random_face();
  person.until([&] { return !person->keep_problem().empty(); }, "the problem");
  EXPECT_TRUE(std::ranges::any_of(person->notices, [](const Notice& notice) {
    return notice.title == "Your work is not being kept";
  }));
}

TEST_F(ViewerAlone, WorkIsThereAgainWhileTheOneThatWasKilledIsStillEnding) {
  const fs::path lock = folder_ / "work.json.lock";
  const pid_t child = ::fork();
  if (child == 0) {  // holds the lock; a grandchild lets go of it some time after its death
    const FileLock held(lock, "held");
    if (::fork() == 0) {
      ::usleep(500'000);
      ::_exit(0);
    }
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  ASSERT_TRUE(FileLock::owner_has_ended(lock));
  const KeptWork place(folder_.path());
  EXPECT_EQ(place.file(), folder_ / "work.json");
  const KeptWork another(folder_.path());
  EXPECT_EQ(another.file(), folder_ / "work-2.json") << "one that lives is not waited for";
}

TEST_F(ViewerAlone, UndoOpensTheModelThatAStepBelongsTo) {
  Person person(folder_.path());
  person.rest();
  person->editor.set_dimension(3, 0.5F);
  person.frame();
  const MorphState made = person.state();
  person->open_file(fixture("tiny-32.pth"));
  person.until([&] { return person->model.get()->name == "tiny-32"; }, "the other model");
  person.frame();
  EXPECT_NE(person.state().face.latent.size(), made.face.latent.size());
  person->undo();
  person.until([&] { return person->model.bundled(); }, "the first model");
  EXPECT_EQ(person.state(), made);
  person->redo();
  person.until([&] { return person->model.get()->name == "tiny-32"; }, "the other model again");
}

TEST_F(ViewerAlone, AModelThatIsGoneDoesNotTakeTheWorkWithIt) {
  const fs::path model = folder_ / "mine.pth";
  fs::copy_file(fixture("tiny-32.pth"), model);
  MorphState left;
  {
    Person person(folder_.path(), {model, std::nullopt, {}, false});
    person.rest();
    person->editor.set_dimension(1, 0.25F);
    person.frame();
    left = person.state();
  }
  fs::rename(model, folder_ / "elsewhere.pth");
  fs::create_directory(folder_ / "deeper");
  fs::rename(folder_ / "elsewhere.pth", folder_ / "deeper" / "elsewhere.pth");
  Person person(folder_.path());
  person.rest();
  EXPECT_TRUE(person->model.bundled());
  ASSERT_FALSE(person->notices.empty());
  EXPECT_THAT(person->notices.back().text, HasSubstr("mine.pth"));
  person->open_file(folder_ / "deeper" / "elsewhere.pth");
  person.until([&] { return person.state().face == left.face; }, "the work");
  EXPECT_EQ(person.state().keys, left.keys);
}

TEST_F(ViewerAlone, AFolderOfPicturesIsLearntFromBesideTheBundledModel) {
  const fs::path photos = folder_ / "photos";
  fs::create_directory(photos);
  Person person(folder_.path(), {photos, std::nullopt, {}, false});
  person.rest();
  EXPECT_TRUE(person->model.bundled());
  EXPECT_EQ(person->training.plan.data, photos.string());
  EXPECT_TRUE(person->take_training_wish());
}

TEST_F(ViewerAlone, ASessionIsSavedWhileTheNextEditIsMade) {
  Person person(folder_.path());
  person.rest();
  person->editor.show_face(seed_face(7, person->editor.nz()));
  person.frame();
  const MorphState saved = person.state();
  person->save_session(folder_ / "mine");
  person->editor.show_face(seed_face(8, person->editor.nz()));
  person.until([&] { return !person->session_path().empty(); }, "the session to be saved");
  EXPECT_EQ(load_session(person->session_path()), saved);
  EXPECT_TRUE(person->session_unsaved()) << "the newer edit is not in the file";
}

TEST_F(ViewerAlone, ADiskThatCannotKeepTheWorkIsTold) {
  Person person(folder_.path());
  person.rest();
  person.until([&] { return person->saver().idle(); }, "the work to be kept");
  fs::remove(folder_ / "work.json");
  fs::create_directory(folder_ / "work.json");  // where the work should go
  person->editor.random_face();
  person.until([&] { return !person->keep_problem().empty(); }, "the problem");
  EXPECT_FALSE(person->notices.empty());
}

}  // namespace
}  // namespace facemorph
