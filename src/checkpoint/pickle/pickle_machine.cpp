#include "checkpoint/pickle/pickle_machine.hpp"

#include "base/utf8.hpp"
#include "checkpoint/generator/names.hpp"

#include <charconv>

namespace facemorph::pickle {
namespace {

// Far beyond any checkpoint (which has some ten thousand parts), and small enough for any machine.
constexpr std::size_t kMaxNodes = 1'000'000;
constexpr std::size_t kMaxCharge = 4 * kMaxNodes;

}  // namespace

Ref Machine::add(Node node) {
  charge(1);
  if (document_.nodes.size() >= kMaxNodes) damaged("it has far too many parts");
  document_.nodes.push_back(std::move(node));
  return static_cast<Ref>(document_.nodes.size() - 1);
}

/// Everything that takes memory, or time beyond the input's own length, is paid for here.
void Machine::charge(std::size_t items) {
  charged_ += items;
  if (charged_ > kMaxCharge) damaged("it has far too many parts");
}

void Machine::push(Ref ref) {
  if (stack_.size() >= kMaxCharge) damaged("it has far too many parts");
  stack_.push_back(ref);
}

Ref Machine::pop() {
  const Ref ref = top();
  stack_.pop_back();
  return ref;
}

Ref Machine::top() const {
  if (stack_.empty() || stack_.back() == kMarker) damaged("its stack runs empty");
  return stack_.back();
}

std::vector<Ref> Machine::pop_to_mark() {
  std::size_t mark = stack_.size();
  while (mark > 0 && stack_[mark - 1] != kMarker)
    --mark;
  if (mark == 0) damaged("a mark is missing");
  charge(stack_.size() - mark);
  std::vector<Ref> items(stack_.begin() + static_cast<std::ptrdiff_t>(mark), stack_.end());
  stack_.resize(mark - 1);
  return items;
}

void Machine::discard_to_mark() {
  pop_to_mark();
}

void Machine::push_tuple(std::size_t count) {
  std::vector<Ref> items(count);
  for (std::size_t i = count; i > 0; --i)
    items[i - 1] = pop();
  push_node(Sequence{true, std::move(items)});
}

void Machine::remember(std::uint64_t index) {
  if (memo_.size() >= kMaxNodes) damaged("it has far too many parts");
  memo_[index] = top();
}

void Machine::recall(std::uint64_t index) {
  const auto found = memo_.find(index);
  if (found == memo_.end()) damaged("it refers to something that is not there");
  push(found->second);
}

/// Two's complement, little-endian.
void Machine::push_long(std::uint64_t length) {
  const std::string_view digits = input_.text(length);
  if (digits.size() > 8) return push_node(BigInt{});
  if (digits.empty()) return push_node(std::int64_t{0});
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < digits.size(); ++i)
    value |= std::uint64_t{static_cast<std::uint8_t>(digits[i])} << (8 * i);
  const auto unused = static_cast<unsigned>(64 - 8 * digits.size());
  push_node(static_cast<std::int64_t>(value << unused) >> unused);  // extends the sign
}

void Machine::push_decimal(std::string_view digits) {
  if (digits == "00" || digits == "01") return push_node(digits == "01");
  if (digits.ends_with('L')) digits.remove_suffix(1);
  std::int64_t value = 0;
  const char* last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value);
  if (error == std::errc::invalid_argument || end != last) damaged("a number is not one");
  if (error == std::errc::result_out_of_range) return push_node(BigInt{});
  push_node(value);
}

void Machine::push_float_text(std::string_view digits) {
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc::invalid_argument) damaged("a number is not one");
  push_node(value);
}

void Machine::push_unicode(std::string_view text) {
  if (!is_utf8(text)) damaged("a text is not UTF-8");
  push_node(std::string(text));
}

void Machine::append(Ref target, std::span<const Ref> items) {
  auto* list = std::get_if<Sequence>(&document_.nodes[target]);
  if (document_.get_if<Object>(target) != nullptr) return;  // a list by somebody's own class
  if (list == nullptr) damaged("it appends to something that is not a list");
  charge(items.size());
  list->items.insert(list->items.end(), items.begin(), items.end());
}

void Machine::set_items(Ref target, std::span<const Ref> items) {
  // A dictionary by somebody's own class.
  if (const auto* object = document_.get_if<Object>(target)) target = object->state;
  auto* dict = std::get_if<Dict>(&document_.nodes[target]);
  if (dict == nullptr || items.size() % 2 != 0)
    damaged("it sets items of something that is not a dictionary");
  charge(items.size());
  for (std::size_t i = 0; i < items.size(); i += 2)
    dict->items.emplace_back(items[i], items[i + 1]);
}

}  // namespace facemorph::pickle
