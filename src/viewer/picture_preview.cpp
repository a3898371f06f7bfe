#include "viewer/picture_preview.hpp"

#include "torch/training/preview.hpp"

namespace facemorph {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kRest = std::chrono::milliseconds(400);  // while a path is being typed

}  // namespace

PicturePreview::PicturePreview(Backstage& backstage)
    : sender_(backstage.queue.sender()),
      reader_(backstage, Workers::Manner::GivesWay),
      painter_(backstage, Workers::Manner::Prompt) {}

PicturePreview::~PicturePreview() {
  stop_.request_stop();
}

PicturePreview::Key PicturePreview::key_of(const std::string& name, const TrainConfig& config) {
  return {name, config.image_size, config.channels, config.crop};
}

bool PicturePreview::fits(const std::string& name, const TrainConfig& config) const {
  return pictures_ && read_ == key_of(name, config);
}

void PicturePreview::clear() {
  stop_.request_stop();
  reading_.reset();
  read_.reset();
  drawn_.reset();
  pictures_.reset();
  problem_.clear();
  wanted_ = {};
}

void PicturePreview::want(const Wish& wish) {
  const Key key = key_of(wish.name, wish.config);
  if (key != wanted_) {
    wanted_ = key;
    wanted_since_ = Clock::now();
    problem_.clear();
  }
  const bool settled = reading_ == key || (read_ == key && (pictures_ || !problem_.empty()));
  if (!settled && !wish.name.empty() && Clock::now() - wanted_since_ >= kRest) read(wish, key);
  if (read_ != key || !pictures_) return;
  const Look look{wish.config.flip, wish.config.augment, round_};
  if (drawn_ != look && !drawing_) draw(wish.config, look);
}

void PicturePreview::read(const Wish& wish, const Key& key) {
  stop_.request_stop();  // what is read for an older wish
  stop_ = {};
  reading_ = key;
  read_.reset();
  pictures_.reset();
  drawn_.reset();
  problem_.clear();
  so_far_ = std::make_shared<SoFar>();
  DataSetOptions options;
  options.image_size = key.size;
  options.channels = key.channels;
  options.crop = key.crop;
  options.stop = stop_.get_token();
  options.progress = [so_far = so_far_, sender = sender_](const ReadingProgress& progress) {
    so_far->pictures = progress.pictures;
    so_far->fraction = progress.fraction;
    sender.wake();
  };
  reader_.run<std::shared_ptr<const DataSet>>(
      [options, where = wish.pictures] {
        return std::make_shared<const DataSet>(where(options.stop), options);
      },
      [this, key, stop = stop_.get_token()](std::shared_ptr<const DataSet> pictures) {
        if (stop.stop_requested()) return;
        reading_.reset();
        read_ = key;
        pictures_ = std::move(pictures);
      },
      [this, key, stop = stop_.get_token()](const std::string& reason) {
        if (stop.stop_requested()) return;
        reading_.reset();
        read_ = key;
        problem_ = reason;
      });
}

void PicturePreview::draw(const TrainConfig& config, const Look& look) {
  drawing_ = true;
  painter_.run<Image>(
      [pictures = pictures_, config, look] {
        return contact_sheet(preview_pictures(pictures, config, look.round, kColumns * kRows),
                             kColumns, 2);
      },
      [this, look, of = pictures_](Image sheet) {
        drawing_ = false;
        if (of != pictures_) return;  // others have been read meanwhile
        drawn_ = look;
        problem_.clear();
        sheet_ = std::make_shared<const Image>(std::move(sheet));
      },
      [this, look, of = pictures_](const std::string& reason) {
        drawing_ = false;
        if (of != pictures_) return;
        drawn_ = look;
        problem_ = reason;
      });
}

bool PicturePreview::waiting() const {
  return !wanted_.name.empty() && read_ != wanted_ && reading_ != wanted_ &&
         Clock::now() - wanted_since_ < 2 * kRest;  // and not when nobody looks any more
}

}  // namespace facemorph
