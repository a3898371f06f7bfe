#include "app/actions.hpp"

#include "app/dialogs/command_palette.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace facemorph {
namespace {

/// The rows below a heading of a table in docs/viewer.md.
std::vector<std::string> rows_below(const std::string& heading) {
  std::ifstream page(FACEMORPH_DOCS "/viewer.md");
  std::vector<std::string> rows;
  std::string line;
  while (std::getline(page, line) && line != heading) {
  }
  std::getline(page, line);  // the dashes
  while (std::getline(page, line) && line.starts_with("|"))
    rows.push_back(line);
  return rows;
}

TEST(Actions, HaveNamesOfTheirOwn) {
  std::set<std::string> ids;
  std::set<std::string> titles;
  for (const Action& action : actions()) {
    const std::string id = action.id;
    EXPECT_TRUE(ids.insert(id).second) << id << " is there twice";
    EXPECT_TRUE(titles.insert(action.title).second) << action.title << " is there twice";
    EXPECT_EQ(std::ranges::count(id, '.'), 1) << id << " is no group and a name";
    EXPECT_TRUE(std::ranges::all_of(id, [](char c) {
      return (c >= 'a' && c <= 'z') || c == '.' || c == '_';
    })) << id;
    EXPECT_STRNE(action.tip, "") << id;
    EXPECT_NE(action.run, nullptr) << id;
    EXPECT_EQ(&facemorph::action(id), &action);
  }
  EXPECT_THROW(action("face.none"), std::out_of_range);
}

TEST(Actions, EveryKeyAndButtonStandsForOne) {
  std::set<std::string> keys;
  std::set<SDL_GameControllerButton> buttons;
  for (const Action& action : actions()) {
    for (const Chord& chord : action.keys) {
      EXPECT_TRUE(keys.insert(chord_text(chord)).second) << chord_text(chord) << " is there twice";
      EXPECT_EQ(action_of(chord), &action) << chord_text(chord);
    }
    if (action.button == SDL_CONTROLLER_BUTTON_INVALID) continue;
    EXPECT_TRUE(buttons.insert(action.button).second) << action.id;
    EXPECT_EQ(action_of(action.button), &action);
    EXPECT_NE(pad_button_text(action.button), "") << action.id;
  }
  EXPECT_EQ(action_of(Chord{SDLK_F12}), nullptr);
  EXPECT_EQ(action_of(SDL_CONTROLLER_BUTTON_INVALID), nullptr);
}

TEST(Actions, KeysAreTakenAsTheyArePressed) {
  const auto pressed = [](SDL_Keycode key, int modifiers) {
    return action_of(chord_of({SDL_SCANCODE_UNKNOWN, key, static_cast<Uint16>(modifiers), 0}));
  };
  EXPECT_EQ(pressed(SDLK_r, KMOD_NONE), &action("face.random"));
  EXPECT_EQ(pressed(SDLK_r, KMOD_LSHIFT), &action("face.random")) << "Shift makes no difference";
  EXPECT_EQ(pressed(SDLK_r, KMOD_LCTRL), nullptr);
  EXPECT_EQ(pressed(SDLK_z, KMOD_RCTRL | KMOD_LSHIFT), &action("edit.redo"));
  EXPECT_EQ(pressed(SDLK_z, KMOD_LGUI), &action("edit.undo"));
  EXPECT_EQ(pressed(SDLK_SLASH, KMOD_RSHIFT), &action("help.keys")) << "where ? is written";
  EXPECT_EQ(pressed(SDLK_EQUALS, KMOD_LSHIFT), &action("face.mark_has")) << "where + is written";
}

TEST(Actions, TheManualListsEveryKeyAndButton) {
  std::vector<std::string> keys;
  std::vector<std::string> buttons;
  for (const Action& action : actions()) {
    if (!action.keys.empty())
      keys.push_back("| " + keys_text(action) + " | " + action.title + " |");
    if (action.button != SDL_CONTROLLER_BUTTON_INVALID)
      buttons.push_back("| " + pad_button_text(action.button) + " | " + action.title + " |");
  }
  EXPECT_THAT(rows_below("| key | does |"), ::testing::ElementsAreArray(keys));
  EXPECT_THAT(rows_below("| button | does |"), ::testing::ElementsAreArray(buttons));
}

TEST(Actions, AreFoundByTheirWords) {
  EXPECT_EQ(find_actions("rand").front(), &action("face.random"));
  EXPECT_EQ(find_actions("Export").front(), &action("file.export"));
  EXPECT_EQ(find_actions("another name").front(), &action("file.save_as")) << "by what it does";
  EXPECT_THAT(find_actions("session save"),
              ::testing::ElementsAre(&action("file.save"), &action("file.save_as")));
  EXPECT_TRUE(find_actions("no such thing").empty());
  for (const Action* found : find_actions(""))
    EXPECT_NE(found->group, Action::Group::Keyboard) << found->id;
}

}  // namespace
}  // namespace facemorph
