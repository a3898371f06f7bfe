#include "app/dialogs/versions.hpp"

#include "ui/imgui_compat.hpp"

#include <SDL.h>
#include <glad/gl.h>

namespace facemorph {

std::vector<std::pair<std::string, std::string>> library_versions(const EngineInfo& engine) {
  SDL_version sdl;
  SDL_GetVersion(&sdl);
  const auto gl_text = [](GLenum name) {
    const GLubyte* text = glGetString(name);
    return std::string(text == nullptr ? "unknown" : reinterpret_cast<const char*>(text));
  };
  return {{"Network",
           engine.backend.empty() ? "no model open" : engine.backend + ", " + engine.device_text},
          {"Graphics", "OpenGL " + gl_text(GL_VERSION)},
          {"Renderer", gl_text(GL_RENDERER)},
          {"SDL", std::to_string(sdl.major) + "." + std::to_string(sdl.minor) + "." +
                      std::to_string(sdl.patch)},
          {"Dear ImGui", ImGui::GetVersion()}};
}

}  // namespace facemorph
