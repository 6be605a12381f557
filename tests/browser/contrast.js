// Finds the texts on a page that are hard to read, and says how hard: `text: 3.9 < 4.5`.
() => {
  const channels = (colour) => {
    const numbers = colour.match(/[\d.]+(?:e-?\d+)?/g).map(Number);
    const [red, green, blue, alpha = 1] = numbers;
    return colour.startsWith("color(") ? [red, green, blue, alpha] : [red / 255, green / 255, blue / 255, alpha];
  };
  const over = (upper, lower) => [0, 1, 2].map((i) => upper[i] * upper[3] + lower[i] * (1 - upper[3])).concat(1);
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const colour = channels(getComputedStyle(each).backgroundColor);
      if (colour[3]) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((lower, upper) => over(upper, lower), [1, 1, 1, 1]);
  };
  const segment = (element) => {
    const rect = element.parentElement?.querySelector("rect.segment");
    return rect && channels(getComputedStyle(rect).fill);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = { bad: [], count: 0 };
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.matches("option, :disabled, .skip")) continue;
    const style = getComputedStyle(element);
    const isPicture = element instanceof SVGElement;
    const below = (isPicture && segment(element)) || ground(element);
    const colour = over(channels(isPicture ? style.fill : style.color), below);
    const measured = ratio(colour, below);
    found.count += 1;
    if (measured < 4.5) found.bad.push(`${node.data.trim()}: ${measured.toFixed(2)} < 4.5`);
  }
  for (const control of document.querySelectorAll("button:not([role=tab], .tracking), input, select")) {
    if (!control.checkVisibility() || control.disabled || control.matches(".primary")) continue;
    const edge = ratio(channels(getComputedStyle(control).borderTopColor), ground(control.parentElement));
    found.count += 1;
    if (edge < 3) found.bad.push(`edge of ${control.textContent || control.type}: ${edge.toFixed(2)} < 3`);
  }
  return found;
}
