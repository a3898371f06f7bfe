#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

// Tables of (value, name), for the values that files and the command line name.

namespace facemorph {

/// Requires a value of the table.
template <typename Table, typename Value>
std::string_view name_in(const Table& table, Value value) {
  return std::ranges::find(table, value, [](const auto& row) { return row.first; })->second;
}

template <typename Value, typename Table>
std::optional<Value> value_in(const Table& table, std::string_view name) {
  const auto* found = std::ranges::find(table, name, [](const auto& row) { return row.second; });
  return found == table.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace facemorph
