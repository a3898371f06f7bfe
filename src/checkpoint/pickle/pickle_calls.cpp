#include "checkpoint/pickle/pickle_globals.hpp"
#include "checkpoint/pickle/pickle_machine.hpp"

#include <array>

namespace facemorph::pickle {
namespace {

constexpr std::size_t kMaxNameLength = 128;
constexpr std::size_t kMaxDimensions = 16;

}  // namespace

void Machine::push_global(std::string_view module, std::string_view name) {
  Global global{std::string(module.substr(0, kMaxNameLength)),
                std::string(name.substr(0, kMaxNameLength))};
  classify(global, script_);  // refuses everything unknown right here
  push_node(std::move(global));
}

void Machine::push_stack_global() {
  const auto* name = document_.get_if<std::string>(pop());
  const auto* module = document_.get_if<std::string>(pop());
  if (name == nullptr || module == nullptr) damaged("a class has no name");
  push_global(*module, *name);
}

void Machine::call(Ref function, Ref argument_tuple) {
  const auto* global = document_.get_if<Global>(function);
  if (global == nullptr) damaged("it calls something that cannot be called");
  const std::vector<Ref>& given = arguments(argument_tuple);
  switch (classify(*global, script_)) {
    case Callable::OrderedDict:
      return push_ordered_dict(given);
    case Callable::RebuildTensor:
      return push_tensor(given);
    case Callable::FirstArgument:
      return given.empty() ? push_node(Sequence{}) : push(given.front());
    case Callable::ScriptClass:
      return push_node(Object{add(None{}), true, {}});
    case Callable::Foreign:
      return push_node(Object{add(Dict{}), false, class_name(*global, given)});
    case Callable::StorageType:
    case Callable::Inert:
      damaged("it calls a type");
  }
}

/// Old protocols call a function with the class that it is to make.
std::string Machine::class_name(const Global& called, const std::vector<Ref>& given) const {
  const auto* first = given.empty() ? nullptr : document_.get_if<Global>(given.front());
  const Global& type = first != nullptr && called.module.starts_with("copy") ? *first : called;
  return type.module + "." + type.name;
}

/// OrderedDict(), or OrderedDict([[key, value], …]) as Python 2 wrote it.
void Machine::push_ordered_dict(const std::vector<Ref>& given) {
  const Ref dict = add(Dict{});
  push(dict);
  if (given.empty()) return;
  if (const auto* source = document_.get_if<Dict>(given.front())) {
    charge(source->items.size());
    std::get<Dict>(document_.nodes[dict]).items = source->items;
  } else if (const auto* pairs = document_.get_if<Sequence>(given.front())) {
    charge(pairs->items.size());
    for (const Ref pair : pairs->items) {
      const std::vector<Ref>& items = arguments(pair);
      if (items.size() != 2) damaged("it sets items of something that is not a dictionary");
      set_items(dict, items);
    }
  }
}

/// (storage, offset, shape, stride, …)
void Machine::push_tensor(const std::vector<Ref>& given) {
  if (given.size() < 4 || document_.get_if<Storage>(given[0]) == nullptr)
    damaged("a tensor lacks its storage");
  push_node(TensorRef{given[0], integer(given[1]), integers(given[2]), integers(given[3])});
}

/// Attributes of objects. Dictionaries have only metadata there, which nobody needs.
void Machine::set_state(Ref state) {
  auto* object = std::get_if<Object>(&document_.nodes[top()]);
  if (object == nullptr) return;
  // (attributes, slots) of classes that have both.
  const auto* both = document_.get_if<Sequence>(state);
  object->state = both != nullptr && both->items.size() == 2 ? both->items.front() : state;
}

/// ('storage', type, key, location, elements[, view]) as torch.save writes persistent ids.
void Machine::push_storage(Ref id) {
  const std::vector<Ref>& parts = arguments(id);
  const auto* kind = parts.empty() ? nullptr : document_.get_if<std::string>(parts[0]);
  // Old files name the source of a pickled network's class along with it.
  if (kind != nullptr && *kind == "module" && parts.size() >= 2) return push(parts[1]);
  if (kind == nullptr || *kind != "storage" || parts.size() < 5) damaged("a storage is not one");
  const auto* type = document_.get_if<Global>(parts[1]);
  const auto* key = document_.get_if<std::string>(parts[2]);
  const auto dtype = type == nullptr ? std::nullopt : storage_dtype(*type);
  if (!dtype || key == nullptr || key->size() > kMaxNameLength)
    damaged("a storage has no type or key");
  const bool untyped = type->name.find("ntyped") != std::string::npos;
  Storage storage{*dtype, untyped, *key, integer(parts[4]), 0};
  const auto* view = parts.size() > 5 ? document_.get_if<Sequence>(parts[5]) : nullptr;
  if (view != nullptr && view->items.size() == 3) storage.view_offset = integer(view->items[1]);
  push_node(std::move(storage));
}

const std::vector<Ref>& Machine::arguments(Ref ref) const {
  const auto* tuple = document_.get_if<Sequence>(ref);
  if (tuple == nullptr) damaged("a call has no arguments");
  return tuple->items;
}

std::int64_t Machine::integer(Ref ref) const {
  const auto* value = document_.get_if<std::int64_t>(ref);
  if (value == nullptr) damaged("a number is missing");
  return *value;
}

std::vector<std::int64_t> Machine::integers(Ref ref) const {
  const std::vector<Ref>& items = arguments(ref);
  if (items.size() > kMaxDimensions) damaged("a shape has too many dimensions");
  std::vector<std::int64_t> values;
  values.reserve(items.size());
  for (const Ref item : items)
    values.push_back(integer(item));
  return values;
}

}  // namespace facemorph::pickle
