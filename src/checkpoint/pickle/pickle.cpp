#include "checkpoint/pickle/pickle.hpp"

#include "base/error.hpp"
#include "checkpoint/pickle/pickle_machine.hpp"

#include <array>
#include <charconv>

namespace facemorph::pickle {
namespace {

// A checkpoint takes some ten thousand steps; this many take well under a second.
constexpr std::size_t kMaxSteps = 20'000'000;

std::uint64_t memo_index(std::string_view digits) {
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc()) damaged("a number is not one");
  return index;
}

}  // namespace

Document Machine::run() {
  while (true) {
    const auto op = static_cast<Op>(input_.byte());
    if (op == kStop) break;
    if (++steps_ > kMaxSteps) damaged("it has far too many steps");
    step(op);
  }
  document_.root = pop();
  document_.consumed = input_.position();
  return std::move(document_);
}

void Machine::step(Op op) {
  if (step_number(op) || step_text(op) || step_container(op) || step_items(op) || step_memo(op))
    return;
  switch (op) {
    case kProto:
      input_.byte();
      return;
    case kFrame:
      input_.little(8);
      return;
    case kPop:
      if (stack_.empty()) damaged("its stack runs empty");
      stack_.pop_back();
      return;
    case kPopMark:
      return discard_to_mark();
    case kDup:
      return push(top());
    case kGlobal: {
      const std::string_view module = input_.line();
      return push_global(module, input_.line());
    }
    case kStackGlobal:
      return push_stack_global();
    case kReduce:
    case kNewObj: {
      const Ref given = pop();
      return call(pop(), given);
    }
    case kBuild:
      return set_state(pop());
    case kBinPersid:
      return push_storage(pop());
    case kInst: {  // names a class and makes one at once: refused unless known, like any other
      const std::string_view module = input_.line();
      push_global(module, input_.line());
      damaged("it makes objects in a way that torch.save does not");
    }
    default:
      damaged("it has an unknown instruction");
  }
}

bool Machine::step_number(Op op) {
  switch (op) {
    case kNone:
      push_node(None{});
      return true;
    case kNewTrue:
      push_node(true);
      return true;
    case kNewFalse:
      push_node(false);
      return true;
    case kBinInt:
      push_node(std::int64_t{static_cast<std::int32_t>(input_.little(4))});
      return true;
    case kBinInt1:
      push_node(std::int64_t{input_.byte()});
      return true;
    case kBinInt2:
      push_node(static_cast<std::int64_t>(input_.little(2)));
      return true;
    case kInt:
    case kLong:
      push_decimal(input_.line());
      return true;
    case kLong1:
      push_long(input_.byte());
      return true;
    case kLong4:
      push_long(input_.little(4));
      return true;
    case kFloat:
      push_float_text(input_.line());
      return true;
    case kBinFloat:
      push_node(input_.big_endian_double());
      return true;
    default:
      return false;
  }
}

bool Machine::step_text(Op op) {
  switch (op) {
    case kShortBinUnicode:
      push_unicode(input_.text(input_.byte()));
      return true;
    case kBinUnicode:
      push_unicode(input_.text(input_.little(4)));
      return true;
    case kBinUnicode8:
      push_unicode(input_.text(input_.little(8)));
      return true;
    case kUnicode:
      push_unicode(input_.line());
      return true;
    case kShortBinString:
    case kShortBinBytes:
      push_node(std::string(input_.text(input_.byte())));
      return true;
    case kBinString:
    case kBinBytes:
      push_node(std::string(input_.text(input_.little(4))));
      return true;
    case kBinBytes8:
      push_node(std::string(input_.text(input_.little(8))));
      return true;
    case kString: {
      const std::string_view quoted = input_.line();
      if (quoted.size() < 2) damaged("a text has no quotes");
      push_node(std::string(quoted.substr(1, quoted.size() - 2)));
      return true;
    }
    default:
      return false;
  }
}

bool Machine::step_container(Op op) {
  switch (op) {
    case kMark:
      push(kMarker);
      return true;
    case kEmptyTuple:
      push_node(Sequence{true, {}});
      return true;
    case kEmptyList:
    case kEmptySet:
      push_node(Sequence{});
      return true;
    case kEmptyDict:
      push_node(Dict{});
      return true;
    case kTuple:
      push_node(Sequence{true, pop_to_mark()});
      return true;
    case kList:
    case kFrozenSet:
      push_node(Sequence{false, pop_to_mark()});
      return true;
    case kTuple1:
      push_tuple(1);
      return true;
    case kTuple2:
      push_tuple(2);
      return true;
    case kTuple3:
      push_tuple(3);
      return true;
    case kDict: {
      const std::vector<Ref> items = pop_to_mark();
      push_node(Dict{});
      set_items(top(), items);
      return true;
    }
    default:
      return false;
  }
}

bool Machine::step_items(Op op) {
  switch (op) {
    case kAppend: {
      const Ref item = pop();
      append(top(), std::span(&item, 1));
      return true;
    }
    case kAppends:
    case kAddItems: {
      const std::vector<Ref> items = pop_to_mark();
      append(top(), items);
      return true;
    }
    case kSetItem: {
      const Ref value = pop();
      const Ref key = pop();
      set_items(top(), std::array{key, value});
      return true;
    }
    case kSetItems: {
      const std::vector<Ref> items = pop_to_mark();
      set_items(top(), items);
      return true;
    }
    default:
      return false;
  }
}

bool Machine::step_memo(Op op) {
  switch (op) {
    case kPut:
      remember(memo_index(input_.line()));
      return true;
    case kBinPut:
      remember(input_.byte());
      return true;
    case kLongBinPut:
      remember(input_.little(4));
      return true;
    case kMemoize:
      remember(memo_.size());
      return true;
    case kGet:
      recall(memo_index(input_.line()));
      return true;
    case kBinGet:
      recall(input_.byte());
      return true;
    case kLongBinGet:
      recall(input_.little(4));
      return true;
    default:
      return false;
  }
}

Document parse(std::span<const std::byte> bytes, bool script) {
  return Machine(bytes, script).run();
}

}  // namespace facemorph::pickle
