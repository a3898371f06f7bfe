# facemorph_embed(target symbol file): packs a file's bytes into the target, so that the program
# needs nothing beside it. C++ reads them as EMBEDDED_BYTES(symbol), see base/embedded.hpp.
function(facemorph_embed target symbol file)
  set(assembly ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.S)
  file(CONFIGURE OUTPUT ${assembly} @ONLY CONTENT [=[
.section .rodata
.global facemorph_embedded_@symbol@
.global facemorph_embedded_@symbol@_end
.balign 16
facemorph_embedded_@symbol@:
.incbin "@file@"
facemorph_embedded_@symbol@_end:
.byte 0
.section .note.GNU-stack,"",%progbits
]=])
  set_property(SOURCE ${assembly} APPEND PROPERTY OBJECT_DEPENDS ${file})
  target_sources(${target} PRIVATE ${assembly})
endfunction()
