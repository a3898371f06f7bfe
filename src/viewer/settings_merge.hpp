#pragma once

#include "viewer/settings.hpp"

namespace facemorph {

/// What is to be written where two windows keep one file: `mine` where this window has changed
/// something since `base`, else `theirs`. Of favourites and lists, every change of either counts:
/// what one has added, removed or named does not undo what the other has.
Settings merged(const Settings& base, const Settings& mine, const Settings& theirs);

}  // namespace facemorph
