#pragma once

#include "record/export.hpp"

namespace facemorph {

/// Shows an export's progress in one line on standard error, if that is a terminal.
void show_progress(const ExportProgress& progress);

}  // namespace facemorph
