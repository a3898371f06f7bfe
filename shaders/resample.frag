#version 330 core
// One pass of a separable resize along `axis`, the same arithmetic as media/resize.cpp:
// filters widen when shrinking, weights are normalised, edges clamp.
in vec2 uv;
out vec4 colour;

uniform sampler2D source;
uniform int axis;         // 0: x, 1: y
uniform int filter_kind;  // facemorph::Filter: 0 nearest, 1 bilinear, 2 Catmull-Rom, 3 Lanczos 3
uniform int target_size;  // pixels along the axis

const float kPi = 3.14159265358979;

float sinc(float x) { return abs(x) < 1e-5 ? 1.0 : sin(kPi * x) / (kPi * x); }

float weight(float x) {
  x = abs(x);
  if (filter_kind == 1) return max(0.0, 1.0 - x);
  if (filter_kind == 2) {
    if (x < 1.0) return (1.5 * x - 2.5) * x * x + 1.0;
    if (x < 2.0) return ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
    return 0.0;
  }
  return x < 3.0 ? sinc(x) * sinc(x / 3.0) : 0.0;
}

void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  ivec2 size = textureSize(source, 0);
  int source_size = axis == 0 ? size.x : size.y;
  int along = axis == 0 ? pixel.x : pixel.y;
  float ratio = float(source_size) / float(target_size);
  float centre = (float(along) + 0.5) * ratio - 0.5;

  if (filter_kind == 0) {
    // In whole numbers: ties must fall the same way on every GPU, and in resize.cpp.
    int tap = ((2 * along + 1) * source_size) / (2 * target_size);
    colour = texelFetch(source, axis == 0 ? ivec2(tap, pixel.y) : ivec2(pixel.x, tap), 0);
    return;
  }
  float stretch = max(ratio, 1.0);
  float radius = (filter_kind == 1 ? 1.0 : filter_kind == 2 ? 2.0 : 3.0) * stretch;
  int first = int(ceil(centre - radius));
  int last = int(floor(centre + radius));
  vec4 sum = vec4(0.0);
  float total = 0.0;
  for (int tap = first; tap <= last; ++tap) {
    float w = weight((float(tap) - centre) / stretch);
    int at = clamp(tap, 0, source_size - 1);
    sum += w * texelFetch(source, axis == 0 ? ivec2(at, pixel.y) : ivec2(pixel.x, at), 0);
    total += w;
  }
  colour = sum / total;
}
