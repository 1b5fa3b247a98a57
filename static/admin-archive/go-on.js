// An import longer than one request: presses "Go on" automatically. Without JavaScript, the button remains.
document.querySelector("form[data-go-on]")?.submit();
