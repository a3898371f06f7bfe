#pragma once

#include <string>
#include <string_view>

namespace facemorph {

/// "module.main.0.weight" and "_orig_mod.main.0.weight" give "main.0.weight", however often and in
/// whatever order DataParallel and torch.compile wrapped the network.
std::string without_wrappers(std::string name);

/// Orders places in a file such as "models.g_ema": 0 for averaged (EMA) weights, 1 for names like
/// netG or generator, 2 for others, 3 for discriminators.
int generator_rank(std::string_view path);

/// Whether one of a name's words begins with `word`: "gen.bn1" has "bn".
bool contains_word(std::string_view name, std::string_view word);

/// For messages: unprintable characters (a file may try to drive the terminal) become '?', and
/// long texts are cut.
std::string printable(std::string_view text);

}  // namespace facemorph
