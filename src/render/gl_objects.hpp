#pragma once

#include <glad/gl.h>

#include <string_view>
#include <utility>

namespace facemorph {

/// Owns one OpenGL name; `Traits` create and delete it. The context must be current throughout.
template <typename Traits>
class GlObject {
 public:
  GlObject() : name_(Traits::create()) {}
  explicit GlObject(GLuint name) : name_(name) {}
  GlObject(GlObject&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
  GlObject& operator=(GlObject&& other) noexcept {
    std::swap(name_, other.name_);
    return *this;
  }
  ~GlObject() {
    if (name_ != 0) Traits::destroy(name_);
  }
  GLuint name() const { return name_; }

 private:
  GLuint name_ = 0;
};

struct TextureTraits {
  static GLuint create() {
    GLuint name = 0;
    glGenTextures(1, &name);
    return name;
  }
  static void destroy(GLuint name) { glDeleteTextures(1, &name); }
};
struct BufferTraits {
  static GLuint create() {
    GLuint name = 0;
    glGenBuffers(1, &name);
    return name;
  }
  static void destroy(GLuint name) { glDeleteBuffers(1, &name); }
};
struct FramebufferTraits {
  static GLuint create() {
    GLuint name = 0;
    glGenFramebuffers(1, &name);
    return name;
  }
  static void destroy(GLuint name) { glDeleteFramebuffers(1, &name); }
};
struct VertexArrayTraits {
  static GLuint create() {
    GLuint name = 0;
    glGenVertexArrays(1, &name);
    return name;
  }
  static void destroy(GLuint name) { glDeleteVertexArrays(1, &name); }
};
struct ProgramTraits {
  static GLuint create() { return glCreateProgram(); }
  static void destroy(GLuint name) { glDeleteProgram(name); }
};

using GlTexture = GlObject<TextureTraits>;
using GlBuffer = GlObject<BufferTraits>;
using GlFramebuffer = GlObject<FramebufferTraits>;
using GlVertexArray = GlObject<VertexArrayTraits>;
using GlProgram = GlObject<ProgramTraits>;

/// Compiles and links. Throws Error with the driver's log.
GlProgram link_program(std::string_view vertex_source, std::string_view fragment_source);

}  // namespace facemorph
