// Draws a tree of lines. Knows nothing of what they say.
#include "report/tree.h"

namespace dcv::report {
namespace {

void draw_children(const TreeNode& node, const std::string& indent, std::string& out) {
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const bool last = i + 1 == node.children.size();
    out += indent + (last ? "└─ " : "├─ ") + node.children[i].text + "\n";
    draw_children(node.children[i], indent + (last ? "   " : "│  "), out);
  }
}

}  // namespace

std::string drawn(const TreeNode& root) {
  std::string out = root.text + "\n";
  draw_children(root, "", out);
  return out;
}

}  // namespace dcv::report
