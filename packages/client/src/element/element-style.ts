/** The page's font and colours, as far as it does not set others by properties or `::part`. */
export const elementStyle = `
:host{--line:var(--slotwire-line,light-dark(#d9dce1,#363d44));display:block;line-height:1.4;color:var(--slotwire-text,light-dark(#1c2024,#e9e7e2))}
:host([hidden]){display:none}
section{padding:1rem;border:1px solid var(--line);border-radius:var(--slotwire-radius,8px);background:var(--slotwire-surface,light-dark(#fff,#191d20))}
header,li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;overflow-wrap:anywhere}
h2{margin:0;font-size:1.0625rem}
[part=status],time,p{font-size:.875rem;color:var(--slotwire-muted,light-dark(#57606a,#a3aab2))}
p{margin:.5rem 0 0;overflow-wrap:anywhere}
ol{max-height:var(--slotwire-events-height,22rem);margin:.5rem 0 0;padding:0;overflow-y:auto}
ol:focus-visible{outline:2px solid;outline-offset:2px}
li{padding:.5rem 0;border-top:1px solid var(--line)}
[data-status=live] i,[data-status=polling] i{color:var(--slotwire-ok,light-dark(#1b6a3a,#82d69e))}
[data-status=offline] i,[data-status=denied] i{color:var(--slotwire-bad,light-dark(#ad251d,#ffa097))}
i{font-style:normal}
#said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}`;
