// Presses "Go on" automatically when an import takes longer than one request. Without JavaScript the button remains.
document.querySelector("form[data-go-on]")?.submit();
