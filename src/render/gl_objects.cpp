#include "render/gl_objects.hpp"

#include "base/error.hpp"

#include <string>

namespace facemorph {
namespace {

class Shader {
 public:
  Shader(GLenum stage, std::string_view source) : name_(glCreateShader(stage)) {
    const char* text = source.data();
    const auto length = static_cast<GLint>(source.size());
    glShaderSource(name_, 1, &text, &length);
    glCompileShader(name_);
    GLint ok = GL_FALSE;
    glGetShaderiv(name_, GL_COMPILE_STATUS, &ok);
    if (ok == GL_TRUE) return;
    std::string log(2048, '\0');
    GLsizei written = 0;
    glGetShaderInfoLog(name_, static_cast<GLsizei>(log.size()), &written, log.data());
    glDeleteShader(name_);
    log.resize(static_cast<std::size_t>(written));
    throw Error("The graphics driver refused a shader: " + log);
  }
  Shader(const Shader&) = delete;
  Shader& operator=(const Shader&) = delete;
  ~Shader() { glDeleteShader(name_); }
  GLuint name() const { return name_; }

 private:
  GLuint name_;
};

}  // namespace

GlProgram link_program(std::string_view vertex_source, std::string_view fragment_source) {
  const Shader vertex(GL_VERTEX_SHADER, vertex_source);
  const Shader fragment(GL_FRAGMENT_SHADER, fragment_source);
  GlProgram program;
  glAttachShader(program.name(), vertex.name());
  glAttachShader(program.name(), fragment.name());
  glLinkProgram(program.name());
  glDetachShader(program.name(), vertex.name());
  glDetachShader(program.name(), fragment.name());
  GLint ok = GL_FALSE;
  glGetProgramiv(program.name(), GL_LINK_STATUS, &ok);
  if (ok != GL_TRUE) {
    std::string log(2048, '\0');
    GLsizei written = 0;
    glGetProgramInfoLog(program.name(), static_cast<GLsizei>(log.size()), &written, log.data());
    log.resize(static_cast<std::size_t>(written));
    throw Error("The graphics driver could not link a shader program: " + log);
  }
  return program;
}

}  // namespace facemorph
