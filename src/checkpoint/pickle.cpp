#include "checkpoint/pickle.hpp"

#include "base/error.hpp"
#include "checkpoint/pickle_globals.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <unordered_map>

namespace facemorph::pickle {
namespace {

// Opcode names as in Python's pickletools.
enum Op : std::uint8_t {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kDup = '2',
  kFloat = 'F',
  kInt = 'I',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kLong = 'L',
  kBinInt2 = 'M',
  kNone = 'N',
  kPersid = 'P',
  kBinPersid = 'Q',
  kReduce = 'R',
  kString = 'S',
  kBinString = 'T',
  kShortBinString = 'U',
  kUnicode = 'V',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kDict = 'd',
  kEmptyDict = '}',
  kAppends = 'e',
  kGet = 'g',
  kBinGet = 'h',
  kInst = 'i',
  kLongBinGet = 'j',
  kList = 'l',
  kEmptyList = ']',
  kObj = 'o',
  kPut = 'p',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kEmptyTuple = ')',
  kSetItems = 'u',
  kBinFloat = 'G',
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kProto = 0x80,
  kNewObj = 0x81,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8A,
  kLong4 = 0x8B,
  kShortBinUnicode = 0x8C,
  kBinUnicode8 = 0x8D,
  kBinBytes8 = 0x8E,
  kEmptySet = 0x8F,
  kAddItems = 0x90,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
};

constexpr Ref kMarker = 0xFFFFFFFF;

// Far beyond any checkpoint (which has some ten thousand), and small enough for any machine.
constexpr std::size_t kMaxNodes = 1'000'000;
constexpr std::size_t kMaxNameLength = 128;

[[noreturn]] void damaged(const char* what) {
  throw Error(std::string("its pickle is damaged (") + what + "). Fetch or save the file again.");
}

class Parser {
 public:
  Parser(std::span<const std::byte> bytes, bool script) : bytes_(bytes), script_(script) {}

  Document run() {
    while (true) {
      const auto op = static_cast<Op>(byte());
      if (op == kStop) break;
      step(op);
    }
    document_.root = pop();
    document_.consumed = position_;
    return std::move(document_);
  }

 private:
  // --- input ------------------------------------------------------------------------------------
  std::uint8_t byte() {
    if (position_ >= bytes_.size()) damaged("it ends too early");
    return std::to_integer<std::uint8_t>(bytes_[position_++]);
  }
  std::uint64_t little(int count) {
    std::uint64_t value = 0;
    for (int i = 0; i < count; ++i)
      value |= static_cast<std::uint64_t>(byte()) << (8U * static_cast<unsigned>(i));
    return value;
  }
  std::string_view text(std::uint64_t length) {
    if (length > bytes_.size() - position_) damaged("a text is longer than the file");
    const std::string_view result(reinterpret_cast<const char*>(bytes_.data()) + position_, length);
    position_ += length;
    return result;
  }
  std::string_view line() {
    const std::size_t start = position_;
    while (byte() != '\n') {
    }
    return {reinterpret_cast<const char*>(bytes_.data()) + start, position_ - start - 1};
  }

  // --- stack ------------------------------------------------------------------------------------
  Ref add(Node node) {
    charge(1);
    document_.nodes.push_back(std::move(node));
    return static_cast<Ref>(document_.nodes.size() - 1);
  }
  /// Everything that takes memory or time beyond the input's own length is paid for here.
  void charge(std::size_t items) {
    charged_ += items;
    if (charged_ > 4 * kMaxNodes || document_.nodes.size() >= kMaxNodes)
      damaged("it has far too many parts");
  }
  void push(Ref ref) {
    if (stack_.size() >= 4 * kMaxNodes) damaged("it has far too many parts");
    stack_.push_back(ref);
  }
  void push_node(Node node) { push(add(std::move(node))); }
  Ref pop() {
    if (stack_.empty() || stack_.back() == kMarker) damaged("its stack runs empty");
    const Ref ref = stack_.back();
    stack_.pop_back();
    return ref;
  }
  Ref top() {
    if (stack_.empty() || stack_.back() == kMarker) damaged("its stack runs empty");
    return stack_.back();
  }
  std::vector<Ref> pop_to_mark() {
    std::size_t mark = stack_.size();
    while (mark > 0 && stack_[mark - 1] != kMarker)
      --mark;
    if (mark == 0) damaged("a mark is missing");
    std::vector<Ref> items(stack_.begin() + static_cast<std::ptrdiff_t>(mark), stack_.end());
    stack_.resize(mark - 1);
    return items;
  }
  void push_tuple(std::size_t count) {
    std::vector<Ref> items(count);
    for (std::size_t i = count; i > 0; --i)
      items[i - 1] = pop();
    push_node(Sequence{true, std::move(items)});
  }
  void remember(std::uint64_t index) {
    if (memo_.size() >= kMaxNodes) damaged("it has far too many parts");
    memo_[index] = top();
  }
  void recall(std::uint64_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) damaged("it refers to something that is not there");
    push(found->second);
  }

  // --- numbers ----------------------------------------------------------------------------------
  void push_long(std::uint64_t length) {
    const std::string_view digits = text(length);
    if (digits.size() > 8) return push_node(BigInt{});
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
      value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(digits[i])) << (8U * i);
    const auto unused = static_cast<unsigned>(64 - 8 * digits.size());
    if (digits.empty()) return push_node(std::int64_t{0});
    push_node(static_cast<std::int64_t>(value << unused) >> unused);  // sign extension
  }
  void push_decimal(std::string_view digits) {
    if (digits == "00" || digits == "01") return push_node(digits == "01");
    if (digits.ends_with('L')) digits.remove_suffix(1);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::result_out_of_range) return push_node(BigInt{});
    if (error != std::errc() || end != digits.data() + digits.size())
      damaged("a number is not one");
    push_node(value);
  }
  void push_float_text(std::string_view digits) {
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc::invalid_argument) damaged("a number is not one");
    push_node(value);
  }
  double big_endian_double() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i)
      value = (value << 8U) | byte();
    return std::bit_cast<double>(value);
  }

  // --- containers -------------------------------------------------------------------------------
  void append(Ref target, std::span<const Ref> items) {
    auto* list = std::get_if<Sequence>(&document_.nodes[target]);
    if (list == nullptr) damaged("it appends to something that is not a list");
    list->items.insert(list->items.end(), items.begin(), items.end());
  }
  void set_items(Ref target, std::span<const Ref> items) {
    auto* dict = std::get_if<Dict>(&document_.nodes[target]);
    if (dict == nullptr || items.size() % 2 != 0)
      damaged("it sets items of something that is not a dictionary");
    for (std::size_t i = 0; i + 1 < items.size(); i += 2)
      dict->items.emplace_back(items[i], items[i + 1]);
  }
  void push_dict(std::span<const Ref> items) {
    push_node(Dict{});
    set_items(top(), items);
  }

  // --- torch ------------------------------------------------------------------------------------
  void push_global(std::string_view module, std::string_view name) {
    if (module.size() > kMaxNameLength || name.size() > kMaxNameLength)
      damaged("a name is far too long");
    Global global{std::string(module), std::string(name)};
    classify(global, script_);  // refuses everything unknown right here
    push_node(std::move(global));
  }
  const std::vector<Ref>& arguments(Ref ref) {
    const auto* tuple = document_.get_if<Sequence>(ref);
    if (tuple == nullptr) damaged("a call has no arguments");
    return tuple->items;
  }
  std::int64_t integer(Ref ref) {
    const auto* value = document_.get_if<std::int64_t>(ref);
    if (value == nullptr) damaged("a number is missing");
    return *value;
  }
  std::vector<std::int64_t> integers(Ref ref) {
    const auto* sequence = document_.get_if<Sequence>(ref);
    if (sequence == nullptr || sequence->items.size() > 16) damaged("a shape is missing");
    std::vector<std::int64_t> values;
    for (const Ref item : sequence->items)
      values.push_back(integer(item));
    return values;
  }
  void call(Ref function, Ref argument_tuple);
  void build(Ref state);
  void push_storage(Ref id);

  void step(Op op);
  bool step_scalar(Op op);
  bool step_container(Op op);
  bool step_memo(Op op);

  std::span<const std::byte> bytes_;
  bool script_;
  std::size_t position_ = 0;
  Document document_;
  std::vector<Ref> stack_;
  std::unordered_map<std::uint64_t, Ref> memo_;
  std::size_t charged_ = 0;
};

void Parser::call(Ref function, Ref argument_tuple) {
  const auto* global = document_.get_if<Global>(function);
  if (global == nullptr) damaged("it calls something that cannot be called");
  const Callable callable = classify(*global, script_);
  const std::vector<Ref> given = arguments(argument_tuple);
  charge(given.size());
  switch (callable) {
    case Callable::OrderedDict: {
      push_node(Dict{});
      if (given.empty()) return;
      const Ref dict = top();
      const auto* pairs = document_.get_if<Sequence>(given[0]);  // OrderedDict([[key, value], …])
      if (pairs == nullptr) return;
      charge(pairs->items.size());
      for (const Ref pair : std::vector<Ref>(pairs->items))
        set_items(dict, std::vector<Ref>(arguments(pair)));
      return;
    }
    case Callable::RebuildTensor: {
      if (given.size() < 4 || document_.get_if<Storage>(given[0]) == nullptr)
        damaged("a tensor lacks its storage");
      push_node(TensorRef{given[0], integer(given[1]), integers(given[2]), integers(given[3])});
      return;
    }
    case Callable::FirstArgument:
      if (given.empty()) return push_node(Sequence{});
      return push(given[0]);
    case Callable::ScriptClass:
      return push_node(Object{add(None{})});
    case Callable::StorageType:
    case Callable::Inert:
      damaged("it calls a type");
  }
}

/// State of an object: attributes for script classes; for dictionaries only metadata, not needed.
void Parser::build(Ref state) {
  if (auto* object = std::get_if<Object>(&document_.nodes[top()])) object->state = state;
}

/// ('storage', type, key, location, elements[, view]) as torch.save writes persistent ids.
void Parser::push_storage(Ref id) {
  const std::vector<Ref> parts = arguments(id);
  charge(parts.size());
  const auto* kind = parts.empty() ? nullptr : document_.get_if<std::string>(parts[0]);
  if (kind == nullptr || *kind != "storage" || parts.size() < 5) damaged("a storage is not one");
  const auto* type = document_.get_if<Global>(parts[1]);
  const auto* key = document_.get_if<std::string>(parts[2]);
  const auto dtype = type == nullptr ? std::nullopt : storage_dtype(*type);
  if (!dtype || key == nullptr || key->size() > kMaxNameLength)
    damaged("a storage has no type or key");
  Storage storage{*dtype, type->name.find("ntyped") != std::string::npos, *key, integer(parts[4]),
                  0};
  if (parts.size() > 5)
    if (const auto* view = document_.get_if<Sequence>(parts[5]);
        view != nullptr && view->items.size() == 3)
      storage.view_offset = integer(view->items[1]);
  push_node(std::move(storage));
}

bool Parser::step_scalar(Op op) {
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
      push_node(static_cast<std::int64_t>(static_cast<std::int32_t>(little(4))));
      return true;
    case kBinInt1:
      push_node(static_cast<std::int64_t>(byte()));
      return true;
    case kBinInt2:
      push_node(static_cast<std::int64_t>(little(2)));
      return true;
    case kInt:
    case kLong:
      push_decimal(line());
      return true;
    case kLong1:
      push_long(byte());
      return true;
    case kLong4:
      push_long(little(4));
      return true;
    case kFloat:
      push_float_text(line());
      return true;
    case kBinFloat:
      push_node(big_endian_double());
      return true;
    case kShortBinUnicode:
    case kShortBinString:
    case kShortBinBytes:
      push_node(std::string(text(byte())));
      return true;
    case kBinUnicode:
    case kBinString:
    case kBinBytes:
      push_node(std::string(text(little(4))));
      return true;
    case kBinUnicode8:
    case kBinBytes8:
      push_node(std::string(text(little(8))));
      return true;
    case kUnicode:
    case kString: {
      std::string_view value = line();
      if (op == kString && value.size() >= 2) value = value.substr(1, value.size() - 2);  // quotes
      push_node(std::string(value));
      return true;
    }
    default:
      return false;
  }
}

bool Parser::step_container(Op op) {
  switch (op) {
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
    case kMark:
      push(kMarker);
      return true;
    case kTuple:
      push_node(Sequence{true, pop_to_mark()});
      return true;
    case kList:
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
    case kDict:
      push_dict(pop_to_mark());
      return true;
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

bool Parser::step_memo(Op op) {
  switch (op) {
    case kBinPut:
      remember(byte());
      return true;
    case kLongBinPut:
      remember(little(4));
      return true;
    case kMemoize:
      remember(memo_.size());
      return true;
    case kBinGet:
      recall(byte());
      return true;
    case kLongBinGet:
      recall(little(4));
      return true;
    case kPut:
    case kGet: {
      std::uint64_t index = 0;
      const std::string_view digits = line();
      std::from_chars(digits.data(), digits.data() + digits.size(), index);
      if (op == kPut)
        remember(index);
      else
        recall(index);
      return true;
    }
    default:
      return false;
  }
}

void Parser::step(Op op) {
  if (step_scalar(op) || step_container(op) || step_memo(op)) return;
  switch (op) {
    case kProto:
      byte();
      return;
    case kFrame:
      little(8);
      return;
    case kPop:
      if (stack_.empty()) damaged("its stack runs empty");
      stack_.pop_back();
      return;
    case kPopMark:
      pop_to_mark();
      return;
    case kDup:
      push(top());
      return;
    case kGlobal: {
      const std::string_view module = line();
      return push_global(module, line());
    }
    case kStackGlobal: {
      const Ref name = pop();
      const Ref module = pop();
      const auto* name_text = document_.get_if<std::string>(name);
      const auto* module_text = document_.get_if<std::string>(module);
      if (name_text == nullptr || module_text == nullptr) damaged("a class has no name");
      return push_global(*module_text, *name_text);
    }
    case kReduce:
    case kNewObj: {
      const Ref given = pop();
      return call(pop(), given);
    }
    case kBuild:
      return build(pop());
    case kBinPersid:
      return push_storage(pop());
    case kInst:
    case kObj:
      throw Error(
          "its pickle creates objects in a way that weights never need; Facemorph did not run it.");
    default:
      damaged("it has an unknown instruction");
  }
}

}  // namespace

Document parse(std::span<const std::byte> bytes, bool script) {
  return Parser(bytes, script).run();
}

}  // namespace facemorph::pickle
