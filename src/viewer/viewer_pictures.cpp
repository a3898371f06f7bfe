#include "viewer/viewer.hpp"

#include "base/error.hpp"
#include "base/files.hpp"

#include <algorithm>
#include <cstdlib>

// Faces as pictures: a PNG that carries its latent, so that it can be dropped back on the window.

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr int kPictureSize = 1024;  // pixels, of a saved picture
constexpr int kSheetColumns = 4;
constexpr const char* kFaceText = "facemorph-face";
constexpr const char* kModelText = "facemorph-model";

}  // namespace

void Viewer::save_picture() {
  if (stage_image_.rgba.empty()) return;
  // With its seed or name only if the picture is exactly that face's: not truncated, not moving.
  Face face = shown_face();
  if (face.latent != stage_latent_) face = {stage_latent_, std::nullopt, {}};
  const std::string stem =
      "face-" + (face.seed ? std::to_string(*face.seed) : std::string("edited"));
  const PngTexts texts = {{kFaceText, face_to_text(face)}, {kModelText, model_->hash}};
  disk_.run<fs::path>(
      [stem, texts, image = stage_image_, filter = settings.filter] {
        const fs::path path = unused_path(folder_at_home("Pictures") / (stem + ".png"));
        const int factor = std::max(1, kPictureSize / std::max(image.width, image.height));
        write_png(path, resize(image, image.width * factor, image.height * factor, filter), texts);
        return path;
      },
      [this](const fs::path& path) {
        notify(Notice::Kind::Info, "Picture saved",
               path.string() + "\nDrop it on a window to go on with its face.");
      },
      [this](const std::string& reason) {
        notify(Notice::Kind::Error, "The picture could not be saved", reason);
      });
}

void Viewer::save_key_sheet() {
  if (!model_ || state.keys.empty()) return;
  ExportSettings sheet;
  sheet.size = kPictureSize;
  sheet.columns = kSheetColumns;
  sheet.filter = settings.filter;
  sheet.format = VideoFormat::PngFolder;
  disk_.run<fs::path>(
      [sheet, copy = state, model = model_, device = options_.engine.device] {
        const auto engine = make_export_engine(model, {device, 0});
        const fs::path path = unused_path(folder_at_home("Pictures") / "walk.png");
        write_png(path, key_sheet(*engine, copy, sheet));
        return path;
      },
      [this](const fs::path& path) { notify(Notice::Kind::Info, "Sheet saved", path.string()); },
      [this](const std::string& reason) {
        notify(Notice::Kind::Error, "The sheet could not be saved", reason);
      });
}

void Viewer::open_picture(const fs::path& path) {
  const std::string name = path.filename().string();
  disk_.run<PngTexts>(
      [path] {
        PngTexts texts = read_png_texts(path);
        if (!texts.contains(kFaceText))
          throw Error(
              "This picture carries no face of Facemorph. Open one that File › Save picture "
              "wrote, and that no other program has changed.");
        return texts;
      },
      [this, name](const PngTexts& texts) {
        if (!model_) return;
        paste_face(texts.at(kFaceText));
        const auto hash = texts.find(kModelText);
        if (hash != texts.end() && hash->second != model_->hash)
          notify(Notice::Kind::Warning, name + " is of another model",
                 "Its latent is on show, but this model makes another face of it.");
      },
      [this, name](const std::string& reason) {
        notify(Notice::Kind::Error, "Could not open " + name, reason);
      });
}

}  // namespace facemorph
