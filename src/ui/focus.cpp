#include "ui/focus.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace facemorph {
namespace {

constexpr int kBigStep = 10;        ///< small ones
constexpr float kSideways = 3.0F;   ///< how much more a step aside counts than one ahead
constexpr float kMarginLines = 2;   ///< that stay in view above and below it
constexpr float kRingDistance = 2;  ///< from the control, in pixels at scale 1

bool is_arrow(SDL_Keycode key) {
  return key == SDLK_LEFT || key == SDLK_RIGHT || key == SDLK_UP || key == SDLK_DOWN;
}

/// How far another place is in a direction, or infinity if it is not there at all.
float distance_to(ImVec2 from, ImVec2 to, const Focus::Steps& direction) {
  const ImVec2 way{to.x - from.x, to.y - from.y};
  const float ahead =
      way.x * static_cast<float>(direction.x) + way.y * static_cast<float>(direction.y);
  const float aside = std::abs(direction.x != 0 ? way.y : way.x);
  if (ahead <= 1 || aside > 4 * ahead + 1) return std::numeric_limits<float>::infinity();
  return ahead + kSideways * aside;
}

}  // namespace

// --- keys ----------------------------------------------------------------------------------------

std::vector<Focus::Item> Focus::reachable() const {
  std::vector<Item> items;
  std::ranges::copy_if(items_, std::back_inserter(items),
                       [this](const Item& item) { return item.dialog == dialog_; });
  return items;
}

const Focus::Item* Focus::current() const {
  const auto found = std::ranges::find(items_, at_, &Item::id);
  return found == items_.end() ? nullptr : &*found;
}

void Focus::go_to(const Item& item) {
  at_ = item.id;
  shown_ = found_ = true;
  steps_ = {};
  // Its neighbours come into view as well: lists draw only what can be seen.
  compat::scroll_to(item.window, item.min, item.max,
                    kMarginLines * ImGui::GetFrameHeightWithSpacing());
  compat::stop_typing();
  if (item.kind == Kind::Field) compat::activate(item.id, true);
}

void Focus::walk(int by) {
  const std::vector<Item> items = reachable();
  if (items.empty()) return;
  const auto count = static_cast<std::ptrdiff_t>(items.size());
  const auto found = std::ranges::find(items, at_, &Item::id);
  std::ptrdiff_t next = by > 0 ? 0 : count - 1;
  if (found != items.end())
    next = found - items.begin() + by;
  else if (at_ != 0)
    next = static_cast<std::ptrdiff_t>(last_place_) + (by < 0 ? by : 0);
  go_to(items[static_cast<std::size_t>((next + count) % count)]);
}

void Focus::walk_panels(int by) {
  const std::vector<Item> items = reachable();
  if (items.empty()) return;
  std::vector<std::size_t> firsts;
  std::size_t here = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool panel =
        i == 0 || compat::root_of(items[i].window) != compat::root_of(items[i - 1].window);
    if (panel && items[i].kind != Kind::Border) firsts.push_back(i);
    if (items[i].id == at_) here = firsts.size();
  }
  // here counts from 1; 0: nowhere yet.
  const std::size_t count = firsts.size();
  const std::size_t next = by > 0 ? here % count : (here + 2 * count - 2) % count;
  go_to(items[firsts[here == 0 && by < 0 ? count - 1 : next]]);
}

bool Focus::press(SDL_Keycode key, bool shift) {
  const Item* item = visible() ? current() : nullptr;
  if (item == nullptr) return false;
  if (is_arrow(key)) {
    const int step = shift ? kBigStep : 1;
    steps_.x += key == SDLK_RIGHT ? step : key == SDLK_LEFT ? -step : 0;
    steps_.y += key == SDLK_DOWN ? step : key == SDLK_UP ? -step : 0;
    steering_ = key;
    return true;
  }
  if (key != SDLK_RETURN && key != SDLK_KP_ENTER && key != SDLK_SPACE) return false;
  const bool pressable = item->kind != Kind::Steered && item->kind != Kind::Border;
  if (pressable) compat::activate(item->id, item->kind != Kind::Button);
  return true;
}

void Focus::release(SDL_Keycode key) {
  if (key == steering_) steering_ = SDLK_UNKNOWN;
}

void Focus::return_to(const Place& place) {
  at_ = place.id;
  shown_ = place.shown;
}

// --- drawing -------------------------------------------------------------------------------------

void Focus::begin_frame() {
  items_.clear();
  dialog_ = false;
}

void Focus::enter_dialog(bool fresh) {
  dialog_ = true;
  if (!fresh) return;
  at_ = 0;
  shown_ = false;
  wants_field_ = true;
}

void Focus::add(Kind kind) {
  if (compat::is_disabled()) return;
  const Item item{ImGui::GetItemID(),
                  ImGui::GetCurrentWindow(),
                  ImGui::GetItemRectMin(),
                  ImGui::GetItemRectMax(),
                  kind,
                  dialog_};
  if (item.id == 0) return;
  items_.push_back(item);
  if (ImGui::IsItemActive()) at_ = item.id;
  if (!wants_field_ || kind != Kind::Field || !dialog_) return;
  wants_field_ = false;
  go_to(item);
}

bool Focus::here() const {
  return shown_ && ImGui::GetItemID() == at_ && at_ != 0;
}

Focus::Steps Focus::take_steps(bool sideways_only) {
  if (!here()) return {};
  Steps taken{std::exchange(steps_.x, 0), 0};
  if (!sideways_only) taken.y = std::exchange(steps_.y, 0);
  return taken;
}

void Focus::move_to(ImGuiID id) {
  at_ = id;
}

void Focus::move(const Steps& steps) {
  const Item* from = current();
  const Steps direction{std::clamp(steps.x, -1, 1), std::clamp(steps.y, -1, 1)};
  if (from == nullptr || (direction.x == 0 && direction.y == 0)) return;
  const auto centre = [](const Item& item) {
    return ImVec2{(item.min.x + item.max.x) / 2, (item.min.y + item.max.y) / 2};
  };
  const Item* best = nullptr;
  float least = std::numeric_limits<float>::infinity();
  for (const Item& item : items_) {
    if (compat::root_of(item.window) != compat::root_of(from->window)) continue;
    const float distance = distance_to(centre(*from), centre(item), direction);
    if (distance >= least) continue;
    least = distance;
    best = &item;
  }
  if (best != nullptr) go_to(*best);
}

void Focus::end_frame(float scale) {
  wants_field_ = menu_asked_ = false;
  move(std::exchange(steps_, {}));
  const std::vector<Item> items = reachable();
  const auto found = std::ranges::find(items, at_, &Item::id);
  found_ = found != items.end();
  if (found_) last_place_ = static_cast<std::size_t>(found - items.begin());
  if (visible()) draw_ring(*found, scale);
}

/// On top of its window, and a little beyond what it clips: many controls touch their edge.
void Focus::draw_ring(const Item& item, float scale) const {
  const float distance = std::round(kRingDistance * scale);
  const ImRect clip = compat::clip_of(item.window);
  ImDrawList& list = *item.window->DrawList;
  list.PushClipRect({clip.Min.x - 2 * distance, clip.Min.y - 2 * distance},
                    {clip.Max.x + 2 * distance, clip.Max.y + 2 * distance});
  const ImVec2 display = ImGui::GetIO().DisplaySize;
  const float edge = scale;  // half the ring's width: it stays in the window
  list.AddRect({std::max(item.min.x - distance, edge), std::max(item.min.y - distance, edge)},
               {std::min(item.max.x + distance, display.x - edge),
                std::min(item.max.y + distance, display.y - edge)},
               palette::kAccent, ImGui::GetStyle().FrameRounding + distance, 0, 2 * scale);
  list.PopClipRect();
}

}  // namespace facemorph
