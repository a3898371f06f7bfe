#pragma once

#include "base/error.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

// How the reader of sessions looks at JSON.

namespace facemorph {

using Json = nlohmann::json;

[[noreturn]] inline void fail(const std::string& field, const std::string& problem) {
  throw Error("The session is not valid: " + field + ": " + problem + ".");
}

/// The members of one JSON object. Absent ones give the default, ones of another type an error that
/// names them; nlohmann's own get<>() would turn true into 1 and 1.5 into 1.
class Fields {
 public:
  Fields(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
    if (!json.is_object()) fail(path_, "an object {…} is expected");
  }

  std::string path_to(const std::string& name) const {
    return path_.empty() ? name : path_ + "." + name;
  }
  const std::string& path() const { return path_; }

  const Json* find(const char* name) const {
    const auto found = json_.find(name);
    return found == json_.end() ? nullptr : &*found;
  }
  std::string text(const char* name, std::string otherwise) const {
    const Json* value = find(name);
    if (value == nullptr) return otherwise;
    if (!value->is_string()) fail(path_to(name), "a text in quotes is expected");
    return value->get<std::string>();
  }
  bool flag(const char* name, bool otherwise) const {
    const Json* value = find(name);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) fail(path_to(name), "true or false is expected");
    return value->get<bool>();
  }
  double number(const char* name, double otherwise) const {
    const Json* value = find(name);
    if (value == nullptr) return otherwise;
    if (!value->is_number()) fail(path_to(name), "a number is expected");
    return value->get<double>();
  }
  std::uint64_t count(const char* name) const {
    const Json* value = find(name);
    if (value == nullptr) fail(path_to(name), "it is missing");
    if (!value->is_number_unsigned()) fail(path_to(name), "a whole number from 0 up is expected");
    return value->get<std::uint64_t>();
  }

 private:
  const Json& json_;
  std::string path_;
};

/// Reads one part of a session. A part that is not sound is left out and named, if that is asked
/// for, else it makes the whole session invalid.
class Parts {
 public:
  explicit Parts(std::vector<std::string>* dropped) : dropped_(dropped) {}
  template <typename Read>
  void part(Read read) const {
    try {
      read();
    } catch (const Error& error) {
      if (dropped_ == nullptr) throw;
      dropped_->emplace_back(error.what());
    }
  }

 private:
  std::vector<std::string>* dropped_;
};

}  // namespace facemorph
