#include "viewer/viewer.hpp"

#include "base/error.hpp"
#include "base/file_lock.hpp"
#include "base/files.hpp"
#include "session/session_file.hpp"
#include "viewer/settings_merge.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <thread>

// What leaves the window: sessions, settings, pictures that carry their face, videos.

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr int kPictureSize = 1024;  // pixels, of a saved picture
constexpr int kSheetColumns = 4;
constexpr const char* kFaceText = "facemorph-face";
constexpr const char* kModelText = "facemorph-model";

std::string time_of_day() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d-%H%M%S", &local);
  return text.data();
}

/// Another window may be writing, too; none takes long.
FileLock wait_for_lock(const fs::path& file) {
  constexpr int kMostTries = 100;
  constexpr std::chrono::milliseconds kBetweenTries{20};
  for (int tries = 1;; ++tries)
    try {
      fs::create_directories(file.parent_path());
      return {file, "another window is writing the settings"};
    } catch (const Error&) {
      if (tries == kMostTries) throw;
      std::this_thread::sleep_for(kBetweenTries);
    }
}

/// What is there may be of another window. A file that is gone, or no longer sound, has nothing to
/// say.
Settings beside_others(const fs::path& path, const Settings& base, const Settings& mine) {
  std::error_code ignored;
  if (fs::file_size(path, ignored) == 0 || ignored) return mine;
  std::string problem;
  const Settings theirs = load_settings(path, &problem);
  return problem.empty() ? merged(base, mine, theirs) : mine;
}

}  // namespace

// --- the end ------------------------------------------------------------------------------------

void Viewer::keep_all() {
  editor.record_edits();
  note_favourites();
  keep_settings();
  if (editor.ready()) sessions_.keep(editor.history());
}

std::optional<Saver::Status> Viewer::saving() const {
  if (auto status = saver_.status()) return status;
  if (pictures.rendering() > 0) return Saver::Status{"picture", 0};
  return std::nullopt;
}

void Viewer::keep_settings() {
  if (settings == kept_settings_) return;
  kept_settings_ = settings;
  saver_.save(settings_path_,
              [path = settings_path_, base = written_settings_, mine = settings] {
                const FileLock lock = wait_for_lock(path.string() + ".lock");
                save_settings(path, beside_others(path, *base, mine));
                *base = mine;
              },
              {nullptr, [this](const std::string& reason) {
                 notices.error("Settings and favourites could not be kept", reason);
               }});
}

/// Settings know every model's favourites, the editor those of the open one.
void Viewer::note_favourites() {
  const ModelRef& of = editor.state.model;
  if (!editor.ready()) return;
  const auto known = settings.favourites.find(of.hash);
  const bool none = known == settings.favourites.end();
  if (none ? editor.favourites.empty() : known->second.faces == editor.favourites) return;
  KeptFaces& kept = settings.favourites[of.hash];
  if (model.get()->hash == of.hash) kept.model = model.get()->name;
  kept.path = of.path;
  kept.faces = editor.favourites;
}

// --- sessions -----------------------------------------------------------------------------------

void Viewer::save_session(const fs::path& asked) {
  if (!editor.ready()) return;
  const fs::path path = session_path_of(asked);
  sessions_.save(path, editor.state, [this, path, copy = editor.state] {
    editor.saved_as(path, copy);
    settings.remember(path);
  });
}

// --- pictures -----------------------------------------------------------------------------------

void Viewer::save_picture() {
  if (!stage.picture()) return;
  // With its seed or name only if the picture is exactly that face's: not truncated, not moving.
  Face face = editor.shown_face();
  if (face.latent != stage.latent()) face = {stage.latent(), std::nullopt, {}};
  const PngTexts texts = {{kFaceText, face_to_text(face)}, {kModelText, model.get()->hash}};
  pictures.save(
      "face-" + (face.seed ? std::to_string(*face.seed) : std::string("edited")),
      [texts, image = stage.picture(), filter = settings.filter] {
        const int factor = std::max(1, kPictureSize / std::max(image->width, image->height));
        return PictureSaver::Picture{
            resize(*image, image->width * factor, image->height * factor, filter), texts};
      },
      "picture", "Drop it on a window to go on with its face.");
}

void Viewer::save_key_sheet() {
  if (!editor.ready() || editor.state.keys.empty()) return;
  ExportSettings sheet;
  sheet.size = kPictureSize;
  sheet.columns = kSheetColumns;
  sheet.filter = settings.filter;
  sheet.format = VideoFormat::PngFolder;
  pictures.save(
      "walk",
      [sheet, copy = editor.state, of = model.get(), device = model.device()] {
        const auto engine = make_export_engine(of, {device, 0});
        return PictureSaver::Picture{key_sheet(*engine, copy, sheet), {}};
      },
      "sheet");
}

void Viewer::open_picture(const fs::path& path) {
  const std::string name = path.filename().string();
  opener_.run<PngTexts>(
      [path] {
        PngTexts texts = read_png_texts(path);
        if (!texts.contains(kFaceText))
          throw Error(
              "This picture carries no face of Facemorph. Open one that File › Save picture "
              "wrote, and that no other program has changed.");
        return texts;
      },
      [this, name](const PngTexts& texts) {
        if (!editor.ready()) return;
        editor.paste_face(texts.at(kFaceText));
        const auto hash = texts.find(kModelText);
        if (hash != texts.end() && hash->second != model.get()->hash)
          notices.warn(name + " is of another model",
                       "Its latent is on show, but this model makes another face of it.");
      },
      [this, name](const std::string& reason) { notices.error("Could not open " + name, reason); });
}

// --- videos -------------------------------------------------------------------------------------

fs::path Viewer::proposed_video() const {
  const std::string extension(info_of(settings.video.format).extension);
  const fs::path& session = session_path();
  const fs::path folder = session.empty() ? folder_at_home("Videos") : session.parent_path();
  std::string name = "morph";
  if (!session.empty()) {
    name = session.filename().string();
    name.resize(name.size() - std::string_view(kSessionExtension).size());
  }
  if (settings.video.format == VideoFormat::PngFolder) name += "-frames";
  return folder / (name + extension);
}

void Viewer::export_video(const fs::path& path) {
  if (!editor.ready() || recorder.exporting()) return;
  MorphState exported = editor.state;
  exported.walking = true;
  exported.playhead = 0;
  recorder.start_export(model.get(), model.device(), std::move(exported), settings.video, path);
}

void Viewer::toggle_recording() {
  if (recorder.recording()) {
    recorder.stop_take();
    return;
  }
  if (!editor.ready() || !stage.picture()) return;
  VideoSettings take;
  take.format =
      settings.video.format == VideoFormat::WebM || settings.video.format == VideoFormat::ProRes
          ? settings.video.format
          : VideoFormat::Mp4;
  if (!recorder.why_unavailable(take.format).empty()) take.format = VideoFormat::PngFolder;
  take.fps =
      settings.video.fps.per_second() > kMostLiveFps ? FrameRate(kMostLiveFps) : settings.video.fps;
  take.width = settings.video.size - settings.video.size % 2;
  take.height = take.width * stage.picture()->height / stage.picture()->width;
  take.height -= take.height % 2;
  take.quality = settings.video.quality;
  take.session = to_json_text(editor.state);
  const std::string extension(info_of(take.format).extension);
  recorder.start_take(folder_at_home("Videos") / ("facemorph-" + time_of_day() + extension), take,
                      settings.filter);
  recorder.show(stage.picture());
}

}  // namespace facemorph
