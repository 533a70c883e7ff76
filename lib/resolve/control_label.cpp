// Random labels for the control question.
#include "resolve/control_label.h"

#include <random>
#include <string_view>

namespace dcv::resolve {

std::string random_label() {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::random_device device;
  std::uniform_int_distribution<std::size_t> pick(0, kAlphabet.size() - 1);
  std::string label = "_dcv-";
  for (int i = 0; i < 8; ++i) label += kAlphabet[pick(device)];
  return label;
}

}  // namespace dcv::resolve
