// An import longer than one request: press "Go on" for the reader of the page. Without JavaScript, the button is there.
document.querySelector("form[data-go-on]")?.submit();
