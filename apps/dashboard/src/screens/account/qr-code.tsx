import { encode } from "uqr";

/** A text as a QR code: dark on white in both schemes, because cameras want it so. */
export function QrCode({ text, label }: { text: string; label: string }) {
  return <img src={imageOf(text)} alt={label} className="mx-auto block size-52 rounded-lg" />;
}

function imageOf(text: string): string {
  const { data, size } = encode(text, { border: 2 });
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  const image =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(image)}`;
}
