#include "base/file_bytes.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

namespace facemorph {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(FileBytes, ShowsTheBytes) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "data", "four");
  const FileBytes file(folder / "data");
  ASSERT_EQ(file.bytes().size(), 4U);
  EXPECT_EQ(std::memcmp(file.bytes().data(), "four", 4), 0);
}

TEST(FileBytes, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "empty", "");
  ::mkfifo((folder / "pipe").c_str(), 0600);
  const auto opening = [&](const fs::path& path) { return [path] { const FileBytes file(path); }; };
  const auto says = [](const char* text) { return ThrowsMessage<Error>(HasSubstr(text)); };
  EXPECT_THAT(opening(folder / "missing"), says("missing does not exist"));
  EXPECT_THAT(opening(folder / "empty/child"), says("does not exist"));
  EXPECT_THAT(opening(folder.path()), says("is a folder"));
  EXPECT_THAT(opening(folder / "empty"), says("is empty (0 bytes)"));
  EXPECT_THAT(opening(folder / "pipe"), says("is a pipe"));  // and does not wait for a writer
  EXPECT_THAT(opening("/dev/zero"), says("is a device"));
}

TEST(FileBytes, NamesSockets) {
  const TemporaryFolder folder;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (folder / "socket").c_str(), sizeof address.sun_path - 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_THAT([&] { const FileBytes file(folder / "socket"); },
              ThrowsMessage<Error>(HasSubstr("is a socket")));
  ::close(socket);
}

TEST(FileBytes, SaysWhenItMayNotRead) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "secret", "x");
  fs::permissions(folder.path(), static_cast<fs::perms>(0755));
  fs::permissions(folder / "secret", fs::perms::none);
  const uid_t user = ::geteuid();
  if (user == 0) {  // root may read everything
    ASSERT_EQ(::seteuid(65534), 0);
  }
  EXPECT_THAT([&] { const FileBytes file(folder / "secret"); },
              ThrowsMessage<Error>(HasSubstr("cannot be read: permission denied")));
  EXPECT_EQ(::seteuid(user), 0);
}

/// A script that saves one file again and again, in place, as torch.save() does.
class Saver {
 public:
  Saver(fs::path path, std::size_t size)
      : path_(std::move(path)), text_(size, 'x'), thread_([this] { loop(); }) {}
  ~Saver() { stop_ = true; }
  Saver(const Saver&) = delete;
  Saver& operator=(const Saver&) = delete;

 private:
  void loop() {
    while (!stop_) {
      std::ofstream file(path_, std::ios::trunc);
      for (std::size_t done = 0; done < text_.size() && !stop_; done += kPart) {
        file.write(text_.data() + done, static_cast<std::streamsize>(kPart)).flush();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      file.close();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  static constexpr std::size_t kPart = 4096;
  fs::path path_;
  std::string text_;
  std::atomic<bool> stop_ = false;
  std::jthread thread_;
};

TEST(FileBytes, SurvivesAFileThatIsSavedMeanwhile) {
  const TemporaryFolder folder;
  const std::size_t size = 20 * 4096;
  write_file_atomically(folder / "netG.pth", std::string(size, 'x'));
  const Saver saver(folder / "netG.pth", size);
  for (int i = 0; i < 40; ++i)
    try {
      const FileBytes file(folder / "netG.pth");
      for (const std::byte byte : file.bytes())
        ASSERT_EQ(static_cast<char>(byte), 'x') << "never what the file did not hold";
    } catch (const Error& error) {
      ASSERT_THAT(error.what(), HasSubstr("is being written to"));
    }
}

TEST(FileBytes, RefusesWhatIsMostlyHoles) {
  const TemporaryFolder folder;
  std::ofstream(folder / "download.safetensors") << "a header";
  fs::resize_file(folder / "download.safetensors", std::uintmax_t{3} << 30);
  EXPECT_THAT([&] { const FileBytes file(folder / "download.safetensors"); },
              ThrowsMessage<Error>(AllOf(HasSubstr("mostly holes"), HasSubstr("again"))));
  fs::resize_file(folder / "download.safetensors", std::uintmax_t{5} << 30);
  EXPECT_THAT([&] { const FileBytes file(folder / "download.safetensors"); },
              ThrowsMessage<Error>(HasSubstr("larger than 4 GB")));
}

}  // namespace
}  // namespace facemorph
