#include "viewer/run_curves.hpp"

#include <algorithm>

namespace facemorph {

void RunCurves::add(const TrainReport& report) {
  const auto step = static_cast<double>(report.step);
  loss_d.add(step, report.loss_d);
  loss_g.add(step, report.loss_g);
  d_real.add(step, report.d_real);
  d_fake.add(step, report.d_fake);
  images_per_second.add(step, report.images_per_second);
}

void RunCurves::add(const Scored& scored) {
  const auto step = static_cast<double>(scored.generator.step);
  if (!swd.empty() && swd.x.back() >= step) return;  // told again after a restart
  swd.add(step, scored.generator.scores.swd_mean);
  ms_ssim.add(step, scored.generator.scores.ms_ssim);
  swd_of_real.add(step, scored.real.swd_mean);
  ms_ssim_of_real.add(step, scored.real.ms_ssim);
}

void RunCurves::add(const RunLog& log) {
  for (const TrainReport& report : log.reports)
    add(report);
  for (const RunLog::Score& score : log.scores) {
    const auto step = static_cast<double>(score.step);
    if (!swd.empty() && swd.x.back() >= step) continue;
    swd.add(step, score.swd);
    ms_ssim.add(step, score.ms_ssim);
  }
}

void RunCurves::rewind(std::uint64_t step) {
  for (Series* series : {&loss_d, &loss_g, &d_real, &d_fake, &images_per_second, &swd, &swd_of_real,
                         &ms_ssim, &ms_ssim_of_real}) {
    const auto end = std::ranges::upper_bound(series->x, static_cast<double>(step));
    const auto kept = static_cast<std::size_t>(end - series->x.begin());
    series->x.resize(kept);
    series->y.resize(kept);
  }
}

}  // namespace facemorph
