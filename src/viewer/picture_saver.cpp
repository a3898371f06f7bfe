#include "viewer/picture_saver.hpp"

#include "base/files.hpp"

#include <cctype>
#include <filesystem>
#include <memory>
#include <utility>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

std::string capitalised(std::string text) {
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

}  // namespace

PictureSaver::PictureSaver(Backstage& backstage, Saver& saver, Notices& notices)
    : saver_(saver), notices_(notices), renderer_(backstage, Workers::Manner::Prompt) {}

void PictureSaver::save(const std::string& name, std::function<Picture()> render,
                        const std::string& what, const std::string& hint) {
  ++rendering_;
  renderer_.run<std::shared_ptr<Picture>>(
      [render = std::move(render)] { return std::make_shared<Picture>(render()); },
      [this, name, what, hint](const std::shared_ptr<Picture>& picture) {
        --rendering_;
        write(name, std::move(*picture), what, hint);
      },
      [this, what](const std::string& reason) {
        --rendering_;
        notices_.error("The " + what + " could not be made", reason);
      });
}

/// The name is found when it is written: two may be under way.
void PictureSaver::write(const std::string& name, Picture picture, const std::string& what,
                         const std::string& hint) {
  const auto written = std::make_shared<fs::path>();
  const std::string one_of_a_kind = name + ".png#" + std::to_string(number_++);
  saver_.save(one_of_a_kind,
              [written, name, picture = std::make_shared<const Picture>(std::move(picture))] {
                *written = unused_path(folder_at_home("Pictures") / (name + ".png"));
                write_png(*written, picture->image, picture->texts);
              },
              {[this, written, what, hint] {
                 notices_.info(capitalised(what) + " saved",
                               written->string() + (hint.empty() ? "" : "\n" + hint));
               },
               [this, what](const std::string& reason) {
                 notices_.error("The " + what + " could not be saved", reason);
               }});
}

}  // namespace facemorph
