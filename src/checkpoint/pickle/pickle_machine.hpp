#pragma once

#include "checkpoint/pickle/pickle.hpp"
#include "checkpoint/pickle/pickle_input.hpp"
#include "checkpoint/pickle/pickle_opcodes.hpp"

#include <string_view>
#include <unordered_map>

namespace facemorph::pickle {

/// Stands on the stack where a MARK was put.
inline constexpr Ref kMarker = 0xFFFFFFFF;

/// The pickle language's stack machine: builds a Document and does nothing else.
class Machine {
 public:
  Machine(std::span<const std::byte> bytes, bool script) : input_(bytes), script_(script) {}
  Document run();

 private:
  // Instructions by kind (pickle.cpp); each returns whether the instruction was one of its own.
  void step(Op op);
  bool step_number(Op op);
  bool step_text(Op op);
  bool step_container(Op op);
  bool step_items(Op op);
  bool step_memo(Op op);

  // The stack (pickle_machine.cpp).
  Ref add(Node node);
  void charge(std::size_t items);
  void push(Ref ref);
  void push_node(Node node) { push(add(std::move(node))); }
  Ref pop();
  Ref top() const;
  std::vector<Ref> pop_to_mark();
  void discard_to_mark();
  void push_tuple(std::size_t count);
  void remember(std::uint64_t index);
  void recall(std::uint64_t index);

  // Values (pickle_machine.cpp).
  void push_long(std::uint64_t length);
  void push_decimal(std::string_view digits);
  void push_float_text(std::string_view digits);
  void push_unicode(std::string_view text);
  void append(Ref target, std::span<const Ref> items);
  void set_items(Ref target, std::span<const Ref> items);

  // Names, calls and storages (pickle_calls.cpp).
  void push_global(std::string_view module, std::string_view name);
  void push_stack_global();
  void call(Ref function, Ref argument_tuple);
  std::string class_name(const Global& called, const std::vector<Ref>& given) const;
  void push_ordered_dict(const std::vector<Ref>& given);
  void push_tensor(const std::vector<Ref>& given);
  void set_state(Ref state);
  void push_storage(Ref id);
  const std::vector<Ref>& arguments(Ref ref) const;
  std::int64_t integer(Ref ref) const;
  std::vector<std::int64_t> integers(Ref ref) const;

  Input input_;
  bool script_;
  Document document_;
  std::vector<Ref> stack_;
  std::unordered_map<std::uint64_t, Ref> memo_;
  std::size_t charged_ = 0;
  std::size_t steps_ = 0;
};

}  // namespace facemorph::pickle
