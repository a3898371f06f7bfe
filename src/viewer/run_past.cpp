#include "viewer/run_past.hpp"

#include <algorithm>

namespace facemorph {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostSheets = 12;

}  // namespace

RunPast::RunPast(Backstage& backstage) : reader_(backstage, Workers::Manner::Prompt) {}

RunPast::Found RunPast::find(const fs::path& run) {
  Found found;
  found.moments = moments_of(run);
  found.checkpoints = saved_steps(run);
  const RunLog log = read_log(run);
  if (!log.reports.empty() && log.reports.back().epoch > 0)
    found.steps_a_pass = static_cast<double>(log.reports.back().step) / log.reports.back().epoch;
  return found;
}

void RunPast::look_at(const fs::path& run) {
  if (run != run_) {
    run_ = run;
    moments_.clear();
    checkpoints_.clear();
    steps_a_pass_ = 0;
    sheets_.clear();
  }
  if (looking_) {
    look_again_ = true;
    return;
  }
  looking_ = true;
  look_again_ = false;
  const auto done = [this] {
    looking_ = false;
    if (look_again_) look_at(run_);
  };
  reader_.run<Found>([run] { return find(run); },
                     [this, run, done](Found found) {
                       if (run == run_) {
                         // A run that has gone back makes some moments anew.
                         if (!std::ranges::includes(found.moments, moments_, {}, &RunMoment::step,
                                                    &RunMoment::step))
                           sheets_.clear();
                         moments_ = std::move(found.moments);
                         checkpoints_ = std::move(found.checkpoints);
                         steps_a_pass_ = found.steps_a_pass;
                         problem_.clear();
                       }
                       done();
                     },
                     [this, done](const std::string& reason) {
                       problem_ = reason;
                       done();
                     });
}

std::shared_ptr<const Image> RunPast::sheet(const RunMoment& moment) {
  const auto found = std::ranges::find(sheets_, moment.sheet, &Sheet::path);
  if (found == sheets_.end()) {
    wanted_ = moment.sheet;
    read_wanted();
    return nullptr;
  }
  sheets_.splice(sheets_.begin(), sheets_, found);
  return sheets_.front().picture;
}

void RunPast::read_wanted() {
  if (reading_ || !wanted_) return;
  reading_ = true;
  const fs::path path = *wanted_;
  wanted_.reset();
  reader_.run<Image>([path] { return read_png(path); },
                     [this, path](Image image) {
                       reading_ = false;
                       sheets_.emplace_front().path = path;
                       sheets_.front().picture = std::make_shared<const Image>(std::move(image));
                       if (sheets_.size() > kMostSheets) sheets_.pop_back();
                     },
                     [this, path](const std::string& reason) {
                       reading_ = false;
                       problem_ = reason;
                       sheets_.emplace_front().path = path;  // empty, so that it is not tried again
                     });
}

}  // namespace facemorph
