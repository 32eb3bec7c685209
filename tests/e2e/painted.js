// Before a page's own scripts: keeps with each canvas how large the words are that were painted on it last.

if (window.heardOfPaint) return;
window.heardOfPaint = true;
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (words, ...place) {
  const { canvas } = this, now = performance.now(), last = canvas.painted;
  // What is painted in one go makes a picture; an older one is gone.
  if (!last || now - last.at > 50 || last.height !== canvas.height) canvas.painted = { height: canvas.height, words: [] };
  canvas.painted.at = now;
  canvas.painted.words.push({ words, size: parseFloat(this.font.match(/([\d.]+)px/)[1]) * this.getTransform().d });
  return write.call(this, words, ...place);
};
