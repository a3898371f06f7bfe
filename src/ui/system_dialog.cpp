#include "ui/system_dialog.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <thread>
#include <vector>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

/// How soon a dialog goes when Facemorph does.
constexpr int kPatience = 50;  // ms
constexpr int kCancelled = 1;  // what both programs end with then

/// The first in PATH; in the same folder the one that looks like the desktop.
fs::path find_program() {
  const char* path = std::getenv("PATH");
  const char* desktop = std::getenv("XDG_CURRENT_DESKTOP");
  std::array<const char*, 2> names = {"zenity", "kdialog"};
  if (desktop != nullptr && std::string_view(desktop).find("KDE") != std::string_view::npos)
    std::ranges::reverse(names);
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    if (!folder.starts_with('/')) continue;  // never from where Facemorph happens to stand
    for (const char* name : names) {
      fs::path program = fs::path(folder) / name;
      if (::access(program.c_str(), X_OK) == 0) return program;
    }
  }
  return {};
}

std::vector<std::string> arguments(const fs::path& program, SystemChoice what,
                                   const fs::path& start, const std::string& title) {
  const bool folder = what == SystemChoice::Folder;
  const std::string inside = (start / "").string();  // with a slash: in it, not the choice of it
  if (program.filename() == "kdialog")
    return {program, "--title", title, folder ? "--getexistingdirectory" : "--getopenfilename",
            inside};
  std::vector<std::string> all = {program, "--file-selection", "--title=" + title,
                                  "--filename=" + inside};
  if (folder) all.emplace_back("--directory");
  return all;
}

/// A program whose output can be read; it ends with this object.
class Child {
 public:
  explicit Child(std::vector<std::string> words) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(words.front(), errno);
    output_ = ends[0];
    const int problem = spawn(words, ends[1]);
    ::close(ends[1]);
    if (problem == 0) return;
    ::close(output_);
    fail(words.front(), problem);
  }
  ~Child() {
    if (!ended_) {
      ::kill(-process_, SIGKILL);  // with all that it started
      ::waitpid(process_, nullptr, 0);
    }
    ::close(output_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// All that it writes; less when `stop` is asked for.
  std::string read(const std::stop_token& stop) const {
    std::string text;
    std::array<char, 4096> block{};
    pollfd readable{output_, POLLIN, 0};
    while (!stop.stop_requested()) {
      if (::poll(&readable, 1, kPatience) <= 0) continue;
      const ssize_t count = ::read(output_, block.data(), block.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      text.append(block.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

  /// What it ended with, -1 for a crash; nothing when `stop` is asked for.
  std::optional<int> wait(const std::stop_token& stop) {
    int status = 0;
    while (::waitpid(process_, &status, WNOHANG) == 0) {
      if (stop.stop_requested()) return std::nullopt;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  [[noreturn]] static void fail(const std::string& program, int reason) {
    throw Error(program + " could not be started: " + std::generic_category().message(reason) +
                ".");
  }

  /// An errno, or 0. No shell: a name stays a name, whatever is in it.
  int spawn(std::vector<std::string>& words, int output) {
    std::vector<char*> argv;
    for (std::string& word : words)
      argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // a group of its own, to end
    const int problem =
        ::posix_spawn(&process_, argv.front(), &files, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return problem;
  }

  pid_t process_ = -1;
  int output_ = -1;
  bool ended_ = false;
};

}  // namespace

bool has_system_dialog() {
  return !find_program().empty();
}

std::optional<fs::path> ask_system_for(SystemChoice what, const fs::path& start,
                                       const std::string& title, const std::stop_token& stop) {
  const fs::path program = find_program();
  if (program.empty()) throw Error("Neither zenity nor kdialog is installed.");
  Child child(arguments(program, what, start, title));
  std::string text = child.read(stop);
  const std::optional<int> code = child.wait(stop);
  if (!code || *code == kCancelled) return std::nullopt;
  if (*code != 0)
    throw Error(program.string() + (*code < 0 ? " crashed."
                                              : " could not show its dialog (it ended with " +
                                                    std::to_string(*code) + ")."));
  if (text.ends_with('\n')) text.pop_back();  // the rest belongs to the name
  if (text.empty()) return std::nullopt;
  return text;
}

SystemDialog::SystemDialog(Backstage& backstage) : waiter_(backstage, Workers::Manner::Prompt) {}

SystemDialog::~SystemDialog() {
  close();
}

void SystemDialog::close() {
  stop_.request_stop();
  open_ = false;
  answer_.reset();
}

void SystemDialog::ask(SystemChoice what, const fs::path& start, const std::string& title) {
  close();
  stop_ = {};
  open_ = true;
  waiter_.run<Answer>(
      [what, start, title, asked = stop_.get_token()] {
        return Answer{ask_system_for(what, start, title, asked).value_or(fs::path()), {}};
      },
      [this, asked = stop_.get_token()](Answer given) { answer(asked, std::move(given)); },
      [this, asked = stop_.get_token()](const std::string& reason) {
        answer(asked, {{}, reason});
      });
}

void SystemDialog::answer(const std::stop_token& asked, Answer answer) {
  if (asked.stop_requested()) return;  // nobody waits for it any more
  answer_ = std::move(answer);
  open_ = false;
}

std::optional<SystemDialog::Answer> SystemDialog::take_answer() {
  return std::exchange(answer_, std::nullopt);
}

}  // namespace facemorph
