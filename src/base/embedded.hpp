#pragma once

#include <string_view>

/// Declares a file packed in by facemorph_embed(target symbol file); use at global scope.
#define DECLARE_EMBEDDED(symbol)                       \
  extern "C" const char facemorph_embedded_##symbol[]; \
  extern "C" const char facemorph_embedded_##symbol##_end[]

/// Its bytes, as a string_view that lives as long as the program.
#define EMBEDDED_BYTES(symbol)     \
  std::string_view(                \
      facemorph_embedded_##symbol, \
      static_cast<std::size_t>(facemorph_embedded_##symbol##_end - facemorph_embedded_##symbol))
