#include "cli/raw_frames.hpp"

#include "base/error.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <vector>

namespace facemorph {
namespace {

class RawFrames : public FrameWriter {
 public:
  RawFrames() { std::signal(SIGPIPE, SIG_IGN); }

  void write(const Image& frame) override {
    rgb_.clear();
    for (std::size_t i = 0; i < frame.rgba.size(); i += 4)
      rgb_.insert(rgb_.end(), frame.rgba.begin() + static_cast<std::ptrdiff_t>(i),
                  frame.rgba.begin() + static_cast<std::ptrdiff_t>(i) + 3);
    for (std::size_t done = 0; done < rgb_.size();) {
      const ssize_t written = ::write(STDOUT_FILENO, rgb_.data() + done, rgb_.size() - done);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0 && errno == EPIPE)
        throw Error("The program that reads the frames has ended.");
      if (written < 0) throw Error("The frames could not be written to standard output.");
      done += static_cast<std::size_t>(written);
    }
  }

  std::filesystem::path finish(const std::function<void(double)>&) override { return "-"; }
  void discard() override {}

 private:
  std::vector<std::uint8_t> rgb_;
};

}  // namespace

std::unique_ptr<FrameWriter> open_standard_output() {
  return std::make_unique<RawFrames>();
}

}  // namespace facemorph
